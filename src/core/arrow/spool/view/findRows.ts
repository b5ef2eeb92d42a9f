import type { CellSearch } from '../../../../shared/resultView.ts';
import { UsageError } from '../../../client/errors.ts';
import type { Client, RequestOptions } from '../../../client/surface.ts';
import type { SpoolTable } from '../spoolTable.ts';
import { contains } from './condition.ts';

export interface FoundRows {
  /** All rows that show the text. */
  matches: number;
  /** The first of them as little-endian Float64, in order: at most {@link FOUND_ROWS}. */
  rows: Uint8Array;
  /** For each of `rows` the first column that shows the text, as little-endian Int32. */
  columns: Uint8Array;
}

/** Rows that a search gives at most: 12 bytes each go to the page. */
export const FOUND_ROWS = 200_000;

/** Looks for a text in all cells of a result. @throws as queries of the client do */
export async function findRows(
  table: SpoolTable,
  search: CellSearch,
  engine: Client,
  options: Pick<RequestOptions, 'signal' | 'onProgress'>,
): Promise<FoundRows> {
  if (search.text === '') throw new UsageError('There is nothing to look for.');
  const cases = table.columns.flatMap(({ text }, i) => [contains(text, search), String(i)]);
  const hit = `multiIf(${cases.join(', ')}, -1)`;
  // One thread reads the file, so the arrays have the order of the rows.
  const first = (list: string): string => `groupArray(${FOUND_ROWS})(${list})`;
  const sql =
    `SELECT count(), ${first('toFloat64(found_row)')}, ${first('toInt32(found_column)')} FROM ` +
    `(SELECT ${table.rowNumber} AS found_row, ${hit} AS found_column FROM ${table.from}) ` +
    'WHERE found_column >= 0';
  const { bytes } = await engine.rawQuery(sql, {
    ...options,
    settings: { ...table.settings, max_threads: 1 },
    format: 'RowBinary',
  });
  return readFound(bytes);
}

function readFound(bytes: Uint8Array): FoundRows {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  const list = (itemBytes: number): Uint8Array => {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = view.getUint8(at++);
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    at += length * itemBytes;
    // A copy (`slice` of a Buffer is none): what is posted must not take the whole reply with it.
    return new Uint8Array(bytes.subarray(at - length * itemBytes, at));
  };
  return { matches: Number(view.getBigUint64(0, true)), rows: list(8), columns: list(4) };
}
