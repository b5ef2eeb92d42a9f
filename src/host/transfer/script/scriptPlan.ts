import { outputClauses } from '../../../core/sql/outputClauses.ts';
import { returnsRows, type StatementKind } from '../../../core/sql/kind.ts';
import { type IntoOutfile, intoOutfile } from '../../../core/sql/intoOutfile.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import { suffixOf, withSuffix } from '../save/fileNameProblems.ts';
import type { SaveCompression } from '../save/saveArguments.ts';

/** What becomes of one statement of a script. */
export interface ScriptStep {
  /** Its place in the script, from 1. */
  readonly number: number;
  readonly sql: string;
  /** The FORMAT of the statement itself. */
  readonly ownFormat: string | undefined;
  /** It says itself into which file its rows go. */
  readonly outfile: IntoOutfile | undefined;
  /** Name of the file for its rows; undefined for a statement that returns none, or says where they go. */
  readonly file: string | undefined;
}

export interface PlannedStatement {
  readonly sql: string;
  readonly kind: StatementKind;
}

/**
 * Plans one file for each statement that returns rows, numbered by the statement's place in the script:
 * `tour-03.csv` is that of the third statement. A FORMAT of a statement's own decides on its file's suffix.
 */
export function planScript(
  statements: readonly PlannedStatement[],
  by: { readonly stem: string; readonly format: string; readonly compression: SaveCompression },
): ScriptStep[] {
  const digits = Math.max(2, String(statements.length).length);
  return statements.map(({ sql, kind }, at) => {
    const outfile = intoOutfile(sql);
    const { format: own } = outputClauses(sql);
    const name = `${by.stem}-${String(at + 1).padStart(digits, '0')}`;
    const format = own ?? by.format;
    const suffix = suffixOf(format, by.compression);
    const known = (findFormat(format)?.suffixes.length ?? 0) > 0;
    // A format without a usual suffix still tells itself by the name.
    const full = known ? suffix : [format.toLowerCase(), suffix].filter(Boolean).join('.');
    return {
      number: at + 1,
      sql,
      ownFormat: own,
      outfile,
      file: returnsRows(kind) && !outfile ? withSuffix(name, full) : undefined,
    };
  });
}
