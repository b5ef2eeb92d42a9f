import path from 'node:path';
import type {
  CancelOutcome,
  QueryProgress,
  SaveProgress,
  SaveReceipt,
} from '../../core/client/surface.ts';
import { countOf, formatBytes, formatSpeed } from '../../shared/humanNumbers.ts';

/** What a cancelled transfer left behind on the server. */
export function cancelText({ outcome }: CancelOutcome): string {
  switch (outcome) {
    case 'stopped':
      return 'The query was stopped on the server.';
    case 'stillRunning':
      return 'The server was told to stop the query, but it still runs.';
    case 'notFound':
      return 'Nothing runs on the server any more.';
  }
}

/** One line about a save that runs. */
export function savingText(
  saved: SaveProgress | undefined,
  query: QueryProgress | undefined,
): string {
  const parts: string[] = [];
  if (saved && saved.bytes > 0) {
    parts.push(formatBytes(saved.bytes), formatSpeed(saved.bytes, saved.ms));
  }
  if (query && query.readRows > 0) parts.push(`${countOf(query.readRows, 'row')} read`);
  return parts.length === 0 ? 'Waiting for the first rows' : parts.join(', ');
}

/** Part of the rows read so far, 0 to 1; undefined when the server does not know the whole. */
export function fractionRead(query: QueryProgress | undefined): number | undefined {
  if (!query || query.totalRows === 0) return undefined;
  return Math.min(1, query.readRows / query.totalRows);
}

export function savedText(receipt: SaveReceipt): string {
  const rows = receipt.rows === undefined ? '' : `${countOf(receipt.rows, 'row')}, `;
  return `Saved ${rows}${formatBytes(receipt.bytes)} to ${path.basename(receipt.path)}`;
}

export interface Inserted {
  readonly rows: number | undefined;
  readonly bytes: number;
  /** Whether the count has rows of materialized views in it; undefined when that is not known. */
  readonly views: boolean | undefined;
  readonly files: string;
  readonly table: string;
}

/** What an insert wrote. A count that includes other tables' rows is never shown as this table's. */
export function insertedText({ rows, bytes, views, files, table }: Inserted): string {
  if (rows === undefined) return `Inserted ${formatBytes(bytes)} into ${table} from ${files}.`;
  if (views === false) return `Inserted ${countOf(rows, 'row')} into ${table} from ${files}.`;
  const targets = views === true ? `${table} and its materialized views` : `${table} (all targets)`;
  return `Inserted ${files}: ${countOf(rows, 'row')} written to ${targets}.`;
}
