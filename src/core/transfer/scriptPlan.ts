import { resolve } from 'node:path';
import { UsageError } from '../client/errors.ts';
import type { ContentCoding, SaveOptions, SessionSetting } from '../client/surface.ts';
import { intoOutfile } from '../sql/intoOutfile.ts';
import { settingChanges } from '../sql/setStatement.ts';
import { returnsRows } from '../sql/statementKind.ts';
import { splitStatements, type Statement } from '../sql/split.ts';
import { statementName } from '../sql/statementName.ts';
import { requireSavedCoding, suffixOfCoding } from './codings.ts';
import { ownSettings } from './cutSettings.ts';
import { formatOptions, formatOutput, type ServerSettings } from './formatOptions.ts';
import { isSameFormat, suffixOfFormat } from './formats.ts';
import { requireFurtherRows } from './furtherRows.ts';
import type { FormatChoices } from './options/formatOption.ts';
import { unsettledChoices } from './options/ownOutput.ts';
import { planOutfile } from './outfile.ts';
import { settingsInForce } from './settingsInForce.ts';

/** One statement of a script: `save` writes its rows to a file, `run` has none to write. */
export type ScriptStep = SaveStep | RunStep;

interface Step {
  /** Its place in the script, from 1. */
  readonly number: number;
  /** What to send. */
  readonly sql: string;
}

export interface RunStep extends Step {
  readonly kind: 'run';
}

export interface SaveStep extends Step {
  readonly kind: 'save';
  /** Absolute. */
  readonly path: string;
  readonly save: Readonly<
    Required<Pick<SaveOptions, 'format' | 'compression' | 'append' | 'overwrite' | 'settings'>> &
      Pick<SaveOptions, 'leading'>
  >;
  /** True: the statement's own INTO OUTFILE names the file. */
  readonly isOutfile: boolean;
  /** The statement says AND STDOUT, which shows nothing in a script. */
  readonly andStdout: boolean;
}

export interface ScriptChoices {
  /** Where the files go; absolute. */
  readonly folder: string;
  readonly format: string;
  readonly choices?: FormatChoices;
  readonly compression?: ContentCoding | 'none';
  readonly server?: ServerSettings;
  /** What the session has SET before the script. */
  readonly held?: readonly SessionSetting[];
  /** What relative names of INTO OUTFILE start from. Default: `folder`. */
  readonly outfileFolder?: string;
  /** True: files that are there are replaced; INTO OUTFILE goes by its own words. Default false. */
  readonly overwrite?: boolean;
}

/** Long enough to tell statements apart, short enough for every file system. */
const MAX_NAME = 60;
/** What file systems or shells do not like, and white space. */
const UNSAFE = /[^\p{L}\p{N}._-]+/gu;

/**
 * What a script saves where: one file for each statement that returns rows, numbered by the statement's
 * place (`02-trips.csv` is that of the second), in the chosen format or the statement's own.
 * @throws UsageError if there is nothing to run, for INTO OUTFILE clauses and choices that cannot be, and for two
 *   statements that write the same file; nothing has run then.
 */
export function planScript(script: string, by: ScriptChoices): ScriptStep[] {
  requireSavedCoding(by.compression ?? 'none');
  const statements = splitStatements(script);
  if (statements.length === 0) {
    throw new UsageError('There is no statement in the script.');
  }
  // Wrong choices are so whatever the statements say.
  formatOutput(by.format, by.choices ?? {}, by);
  const digits = Math.max(2, String(statements.length).length);
  const held = new Map(by.held?.map((setting) => [setting.name, setting]));
  const steps = statements.map((statement, index) => {
    const step = planStep(statement, index + 1, digits, { ...by, held: [...held.values()] });
    for (const { name, value } of settingChanges(statement.text)) {
      if (value === undefined) held.delete(name);
      else held.set(name, { name, value });
    }
    return step;
  });
  checkTargets(steps);
  return steps;
}

function planStep(
  statement: Statement,
  number: number,
  digits: number,
  by: ScriptChoices,
): ScriptStep {
  const sql = statement.text;
  if (!returnsRows(statement.kind)) return { kind: 'run', number, sql };
  const outfile = intoOutfile(sql);
  if (outfile !== undefined) {
    const folder = by.outfileFolder ?? by.folder;
    const { path, save, sql: sent } = planOutfile(outfile, { ...by, folder });
    const { andStdout } = outfile;
    return { kind: 'save', number, sql: sent, path, save, isOutfile: true, andStdout };
  }
  const own = statement.format;
  if (own !== undefined && isSameFormat(own, 'Null')) return { kind: 'run', number, sql };
  const { compression = 'none' } = by;
  const { choices, server } = asMet(sql, by);
  const chosen = formatOutput(by.format, choices, { compression, ...(server && { server }) });
  const isOther = own !== undefined && !isSameFormat(own, chosen.format);
  if (!isOther) requireFurtherRows(sql, choices, server, `Statement ${number}`);
  const { format, settings, leading } = isOther ? formatOutput(own, {}, by) : chosen;
  const name = `${String(number).padStart(digits, '0')}-${safeName(statementName(sql))}`;
  return {
    kind: 'save',
    number,
    sql,
    path: resolve(by.folder, `${name}.${suffix(isOther ? own : by.format, compression)}`),
    save: {
      format,
      compression,
      append: false,
      overwrite: by.overwrite ?? false,
      settings,
      ...(leading && { leading }),
    },
    isOutfile: false,
    andStdout: false,
  };
}

/** The choices that the statement's own SETTINGS leave, and what holds for the others when it runs. */
function asMet(
  sql: string,
  { format, choices = {}, server, held = [] }: ScriptChoices,
): { readonly choices: FormatChoices; readonly server: ServerSettings | undefined } {
  const own = ownSettings(sql);
  const said = { hasFormat: false, settings: new Set(Object.keys(own)) };
  return {
    choices: unsettledChoices(choices, formatOptions(format), said),
    server: server && settingsInForce(server, held, own),
  };
}

/** Names of any table as a part of a file name: letters, digits and `._-`, of no system's special names. */
function safeName(name: string): string {
  const safe = name
    .replace(UNSAFE, '_')
    .slice(0, MAX_NAME)
    .replace(/^[._]+|[._]+$/g, '');
  return safe === '' ? 'statement' : safe;
}

function suffix(format: string, compression: ContentCoding | 'none'): string {
  const ofFormat = suffixOfFormat(format);
  return compression === 'none' ? ofFormat : `${ofFormat}.${suffixOfCoding(compression)}`;
}

/** Numbered names differ by their numbers; those of INTO OUTFILE may meet any other, also but for the case. */
function checkTargets(steps: readonly ScriptStep[]): void {
  const writers = new Map<string, number>();
  for (const step of steps) {
    if (step.kind !== 'save') continue;
    const key = step.path.toLowerCase();
    const earlier = writers.get(key);
    const mayFollow = step.isOutfile && (step.save.append || step.save.overwrite);
    if (earlier !== undefined && !mayFollow) {
      throw new UsageError(
        `Statements ${earlier} and ${step.number} would write the same file: ${step.path}.`,
        { hint: 'Give INTO OUTFILE another name, or write APPEND or TRUNCATE behind it.' },
      );
    }
    writers.set(key, step.number);
  }
}
