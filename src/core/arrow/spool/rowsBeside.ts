import type { RowBeside } from '../../../shared/rowBeside.ts';
import type { SettingChange } from '../../sql/setStatement.ts';
import { readStatement } from '../../sql/statementTokens.ts';
import { isKeyword } from '../../sql/token.ts';
import { hasTotals } from '../../sql/totals.ts';
import { decodeBytes } from '../../types/format/strings.ts';
import { splitFields, unescapeField } from './tsv.ts';

/** No value of these is an empty text. NULL may be one, where a user may not change settings. */
const NEVER_EMPTY =
  /^(?:U?Int\d+|B?Float\d+|Decimal\w*|Date\w*|UUID|IPv[46]|Array|Map|Tuple|QBit|AggregateFunction(?!\(nothing))\b/;

/** Their texts are the same in CSV and TabSeparated, but for quotes and escapes. */
const QUOTED_OR_NULL =
  /^(?:LowCardinality\()?(?:Nullable\()?(?:String|FixedString|Enum\d+|U?Int\d+|Float\d+|Decimal\w*|Date\w*|UUID|IPv[46])\b/;

/** Characters of a text: the page has all of them with every message. */
const MOST_TEXT = 10_000;

/** ␤ is an empty line: the totals, the extremes, or both. */
const WHOLE = /^(?:␤t|␤tt|␤t␤tt)$/;
const BEGUN = /^␤(?:t(?:t|␤t?)?)?$/;

/**
 * True where a statement may have rows beside those of its result, which Arrow leaves out.
 * @param settings what was set in its session
 */
export function mayHaveRowsBeside(sql: string, settings: readonly SettingChange[] = []): boolean {
  const extremes = settings.findLast(({ name }) => name === 'extremes')?.value ?? '0';
  if (extremes !== '0') return true;
  const { tokens } = readStatement(sql);
  return hasTotals(sql) || tokens.some((token) => isKeyword(sql, token, 'EXTREMES'));
}

/** False where an empty line of TabSeparated may be a row: of a single column of texts. */
export function canTellRowsBeside(columns: readonly { readonly type: string }[]): boolean {
  return columns.length > 1 || NEVER_EMPTY.test(columns[0]?.type ?? '');
}

/** True for a single column of which an empty line of CSV is no row: texts have quotes there. NULL has none. */
export function canTellByQuotes(columns: readonly { readonly type: string }[]): boolean {
  return columns.length === 1 && QUOTED_OR_NULL.test(columns[0]?.type ?? '');
}

/**
 * The end of a TabSeparated result: behind its rows an empty line and the totals, and behind them an empty line, the
 * minima and the maxima. They are held back from the first empty line on. What turns out to be anything else was rows.
 */
export class RowsBeside {
  #lines: Uint8Array[] = [];
  #shape = '';

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /**
   * @param isBlank whether it is an empty line, not the line of an empty text
   * @returns lines that are rows after all
   */
  hold(line: Uint8Array, isBlank: boolean): Uint8Array[] {
    this.#lines.push(line);
    this.#shape += isBlank ? '␤' : 't';
    if (BEGUN.test(this.#shape) || WHOLE.test(this.#shape)) return [];
    this.#shape = '';
    return this.#lines.splice(0);
  }

  /** At the verified end of the result. */
  end(): { readonly beside: RowBeside[]; readonly rows: Uint8Array[] } {
    if (!WHOLE.test(this.#shape)) return { beside: [], rows: this.#lines };
    const rows = this.#lines.filter((_, index) => this.#shape[index] === 't').map(textsOf);
    const kinds = (['totals', 'minimum', 'maximum'] as const).slice(rows.length === 2 ? 1 : 0);
    return { beside: rows.map((texts, i) => ({ kind: kinds[i] ?? 'totals', texts })), rows: [] };
  }
}

function textsOf(line: Uint8Array): (string | null)[] {
  return splitFields(line).map((field) => {
    const isNull = field.length === 2 && decodeBytes(field).text === String.raw`\N`;
    return isNull ? null : cut(decodeBytes(unescapeField(field)).text);
  });
}

const cut = (text: string): string =>
  text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
