import { isClickHouseError } from '../client/errors.ts';
import type { RawResult, Settings, StatementRunner } from '../client/surface.ts';
import { readStatement } from '../sql/statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from '../sql/token.ts';
import { hasTotals } from '../sql/totals.ts';
import { unquote } from '../sql/unquote.ts';

/** Settings and their values by which the server ends a result early, and says nothing of it. */
export type CutSettings = Readonly<Record<string, string>>;

/** The limits that a mode is about; a mode without any of them in force cuts nothing. */
const LIMITS_OF: Readonly<Record<string, readonly string[]>> = {
  read_overflow_mode: ['max_rows_to_read', 'max_bytes_to_read'],
  read_overflow_mode_leaf: ['max_rows_to_read_leaf', 'max_bytes_to_read_leaf'],
  group_by_overflow_mode: ['max_rows_to_group_by'],
  sort_overflow_mode: ['max_rows_to_sort', 'max_bytes_to_sort'],
  result_overflow_mode: ['max_result_rows', 'max_result_bytes'],
  timeout_overflow_mode: ['max_execution_time'],
  timeout_overflow_mode_leaf: ['max_execution_time_leaf'],
  set_overflow_mode: ['max_rows_in_set', 'max_bytes_in_set'],
  join_overflow_mode: ['max_rows_in_join', 'max_bytes_in_join'],
  transfer_overflow_mode: ['max_rows_to_transfer', 'max_bytes_to_transfer'],
  distinct_overflow_mode: ['max_rows_in_distinct', 'max_bytes_in_distinct'],
};
const ROWS = ['limit', 'offset'];
const BARE_TEXTS = [
  'format_csv_null_representation',
  'format_tsv_null_representation',
  'bool_true_representation',
  'bool_false_representation',
];
const MODE = /_overflow_mode(?:_leaf)?$/;
/** `any`, of GROUP BY: further keys are left out. */
const CUTS = /^(?:break|any)$/i;
/** For a setting that is in force with a value that the server does not tell. */
const UNKNOWN = 'unknown';

/** What of a result goes by settings, and cannot be seen in it. */
export interface ResultSettings {
  /**
   * Those of the session, of the user's profile and of the statement itself that make the result shorter than
   * the statement says, without an error. Empty where there are none, and where the server does not tell.
   */
  readonly cut: CutSettings;
  /**
   * The bytes do not tell how many rows the result has: most formats write further rows behind it (WITH TOTALS,
   * `extremes`), or a text that stands bare in CSV and TSV has a quote or a line end in it.
   */
  readonly uncountable: boolean;
}

/**
 * @throws what any statement throws, but for errors of the server: those are the statement's own affair.
 */
export async function resultSettings(
  runner: Pick<StatementRunner, 'rawQuery'>,
  sql: string,
  signal?: AbortSignal,
): Promise<ResultSettings> {
  const { own, inner } = settingsOfStatement(sql);
  const session = await sessionSettings(runner, signal);
  const values = { ...session, ...own };
  return {
    cut: { ...cutting(values), ...cutting(inner) },
    uncountable: hasTotals(sql) || isOn(values['extremes'] ?? '0') || hidesRowEnds(values),
  };
}

/** True for settings by which CSV and TSV have a quote or a line end in a value that is not quoted or escaped. */
export function hidesRowEnds(values: Settings): boolean {
  return BARE_TEXTS.some((name) => {
    const text = values[name];
    return typeof text === 'string' && /["\r\n]/.test(text);
  });
}

function cutting(values: Readonly<Record<string, string>>): CutSettings {
  const cut: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (ROWS.includes(name) && isInForce(value)) cut[name] = value;
    if (!MODE.test(name) || !CUTS.test(value)) continue;
    const known = LIMITS_OF[name];
    const limits = known?.filter((limit) => isInForce(values[limit] ?? '0')) ?? [];
    if (known && limits.length === 0) continue;
    cut[name] = value;
    for (const limit of limits) cut[limit] = values[limit] ?? UNKNOWN;
  }
  return cut;
}

function isOn(value: string): boolean {
  return value === '1' || value.toLowerCase() === 'true';
}

function isInForce(value: string): boolean {
  return value !== '' && Number(value) !== 0;
}

/**
 * With WITH TOTALS the answer comes whatever `limit` and `offset` are, and without changing a setting, which
 * a user may not be allowed to.
 */
function settingsQuery(): string {
  const names = [...ROWS, ...BARE_TEXTS, 'extremes', ...Object.values(LIMITS_OF).flat()].map(
    (name) => `'${name}'`,
  );
  return `SELECT groupArray([name, value]) FROM system.settings
WHERE changed AND (name LIKE '%\\_overflow\\_mode%' OR name IN (${names.join(', ')}))
GROUP BY 1 = 1 WITH TOTALS`;
}

async function sessionSettings(
  runner: Pick<StatementRunner, 'rawQuery'>,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const answer = await asked(runner, settingsQuery(), 'JSONCompact', signal);
  const { totals } = JSON.parse(answer?.text() ?? '{}') as { totals?: [string, string][][] };
  const values = Object.fromEntries(totals?.[0] ?? []);
  if (!ROWS.some((name) => name in values)) return values;
  return { ...values, ...(await rowSettings(runner, signal)) };
}

/** In a query `limit` and `offset` read as 0, whatever they are: only its tree has them. */
async function rowSettings(
  runner: Pick<StatementRunner, 'rawQuery'>,
  signal: AbortSignal | undefined,
): Promise<Record<string, string>> {
  const tree = await asked(runner, 'EXPLAIN QUERY TREE SELECT 1', 'TSVRaw', signal);
  if (!tree) return { limit: UNKNOWN };
  const lines = tree.text().split('\n');
  const valueOf = (keyword: string): string => {
    const at = lines.findIndex((line) => line.trim() === keyword);
    if (at < 0) return '0';
    return /constant_value: \w+?_(-?[\d.]+)/.exec(lines[at + 1] ?? '')?.[1] ?? UNKNOWN;
  };
  return { limit: valueOf('LIMIT'), offset: valueOf('OFFSET') };
}

async function asked(
  runner: Pick<StatementRunner, 'rawQuery'>,
  sql: string,
  format: string,
  signal: AbortSignal | undefined,
): Promise<RawResult | undefined> {
  try {
    return await runner.rawQuery(sql, { format, ...(signal && { signal }) });
  } catch (error) {
    if (isClickHouseError(error)) return undefined;
    throw error;
  }
}

interface StatementSettings {
  /** Of the whole statement; they win over the session's. */
  readonly own: Record<string, string>;
  /** Of its subqueries. */
  readonly inner: Record<string, string>;
}

/** The values by name of the SETTINGS clause at the end of a statement; they win over those of a request. */
export function ownSettings(sql: string): Readonly<Record<string, string>> {
  return settingsOfStatement(sql).own;
}

function settingsOfStatement(sql: string): StatementSettings {
  const { tokens } = readStatement(sql);
  const found: StatementSettings = { own: {}, inner: {} };
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    if (!isKeyword(sql, token, 'SETTINGS')) continue;
    Object.assign(depth === 0 ? found.own : found.inner, assignments(sql, tokens, index + 1));
  }
  return found;
}

/** `name = value, …` from a token on; values in brackets are of no setting that is looked for. */
function assignments(sql: string, tokens: readonly Token[], from: number): Record<string, string> {
  const values: Record<string, string> = {};
  for (let at = from; ;) {
    const name = tokens[at];
    const isNamed = name?.kind === 'BareWord' || name?.kind === 'QuotedIdentifier';
    if (!isNamed || tokens[at + 1]?.kind !== 'Equals') return values;
    const value = tokens[at + 2];
    if (value) values[unquote(sql, name)] = unquote(sql, value);
    at += 3;
    let depth = value ? bracketDepth(value) : 0;
    while (depth > 0 && tokens[at]) depth += bracketDepth(tokens[at++] ?? name);
    if (tokens[at]?.kind !== 'Comma') return values;
    at++;
  }
}
