import { resolve } from 'node:path';
import type { ContentCoding } from '../../client/surface.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import type { ColumnInfo } from '../insertPlan.ts';

/**
 * A file as a table expression of a server that can open it. The compression is told: the name may not.
 * @param structure undefined: as the server infers it.
 */
export function fileTable(
  { path, format, coding }: { path: string; format: string; coding: ContentCoding | undefined },
  structure?: readonly ColumnInfo[],
): string {
  const shape = structure ? structureSql(structure) : quoteLiteral('auto');
  const packed = quoteLiteral(coding ?? 'none');
  return `file(${quoteLiteral(resolve(path))}, ${quoteIdentifier(format)}, ${shape}, ${packed})`;
}

/** Columns as the argument of a table function. */
export function structureSql(columns: readonly ColumnInfo[]): string {
  return quoteLiteral(
    columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(', '),
  );
}
