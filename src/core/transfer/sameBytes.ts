import type { ResultColumn } from '../../shared/columns.ts';
import { describableSelect } from '../sql/describable.ts';
import { readStatement } from '../sql/statementTokens.ts';
import { isKeyword } from '../sql/token.ts';
import { findFormat } from './formats.ts';

/** Formats with the time that the statement took, or what it read, among their bytes. */
const WITH_STATISTICS =
  /^(JSON|JSONStrings|JSONCompact|JSONCompactStrings|JSONColumnsWithMetadata|XML)$|WithProgress$/;

/** Blocks that come close together are drawn as one table. */
const DRAWN_BY_TIME = /^Pretty(?!JSON|NDJSON)/;

/** What a server writes besides the rows, or other than its settings say. */
const CLAUSES = ['FORMAT', 'OUTFILE', 'SETTINGS', 'TOTALS'];

/** Types that come back from a result on disk with the same values, but not the same in every format. */
const INEXACT = /\b(Dynamic|JSON|Nested|Nothing)\b/;

/**
 * Whether a whole result that is kept on disk gives, in this format, the bytes that the statement's own server
 * would send: the same values in the same types, and nothing besides the rows. For a server of the engine's own
 * version and with its output settings only. False where it is not known.
 */
export function givesSameBytes(result: {
  sql: string;
  columns: readonly ResultColumn[];
  format: string;
}): boolean {
  const format = findFormat(result.format);
  if (!format || format.needsSchema) return false;
  if (WITH_STATISTICS.test(format.name) || DRAWN_BY_TIME.test(format.name)) return false;
  return givesSameRows(result);
}

/** Whether a whole result that is kept on disk has all that its statement gives, in the same types, and nothing else. */
export function givesSameRows({
  sql,
  columns,
}: {
  sql: string;
  columns: readonly ResultColumn[];
}): boolean {
  if (describableSelect(sql) === undefined) return false;
  const { tokens } = readStatement(sql);
  if (tokens.some((token) => CLAUSES.some((word) => isKeyword(sql, token, word)))) return false;
  const names = new Set(columns.map(({ name }) => name));
  return (
    columns.length > 0 &&
    names.size === columns.length &&
    columns.every(({ type, encoding }) => encoding === 'arrow' && !INEXACT.test(type))
  );
}
