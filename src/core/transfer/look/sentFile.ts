import { readFile } from 'node:fs/promises';
import { createDecoder, isDecodable } from '../../client/decode.ts';
import type { RawQueryOptions } from '../../client/surface.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { decodedFile, type PartDecoder } from '../decodedFile.ts';
import { fileError, systemCode } from '../fileErrors.ts';
import type { ColumnInfo } from '../insertPlan.ts';
import type { SourceFile } from '../sourceFile.ts';
import { structureSql } from './fileTable.ts';

/** Larger files are not sent only to be looked at. */
export const MOST_SENT_BYTES = 4 * 1024 * 1024;
const MOST_DECODED_BYTES = 4 * MOST_SENT_BYTES;

type Named = Pick<SourceFile, 'path' | 'bytes' | 'coding'>;

/**
 * A small file as a request brings it along, for a server to look into without keeping it. Undefined: it is too
 * large, or compressed in a way that cannot be unpacked here.
 * @throws FileError when it cannot be read
 */
export async function sentFile(
  file: Named,
  signal?: AbortSignal,
): Promise<RawQueryOptions['externalData'] | undefined> {
  const bytes = await decodedBytes(file, signal);
  return bytes && sentBytes(bytes);
}

/**
 * A part of a file as a request brings it along. As a parameter it would be kept: the server puts those into the
 * statement that it logs, and short ones stand in the URL, which proxies log.
 */
export function sentBytes(source: Uint8Array): NonNullable<RawQueryOptions['externalData']> {
  return { [TABLE]: { source, format: 'RawBLOB', structure: `${COLUMN} String` } };
}

/** The table expression of a file that comes with the request. */
export function sentTable(format: string, structure?: readonly ColumnInfo[]): string {
  const shape = structure ? `${structureSql(structure)}, ` : '';
  return `format(${quoteIdentifier(format)}, ${shape}(SELECT ${COLUMN} FROM ${TABLE}))`;
}

const TABLE = '_rowhouse_file';
const COLUMN = 'bytes';

async function decodedBytes(
  { path, bytes, coding }: Named,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  if (bytes > MOST_SENT_BYTES) return undefined;
  try {
    if (coding === undefined) return await readFile(path, { signal });
    return isDecodable(coding) ? await unpacked(path, coding, signal) : undefined;
  } catch (error) {
    signal?.throwIfAborted();
    // Damaged data is told by the insert; here there is nothing to see of it.
    if (systemCode(error)?.startsWith('E') !== true) return undefined;
    throw fileError(path, `read ${path}`, error);
  }
}

async function unpacked(
  path: string,
  coding: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const decoder = (): PartDecoder => createDecoder(coding) as PartDecoder;
  for await (const part of decodedFile(path, decoder, signal)) {
    size += part.byteLength;
    if (size > MOST_DECODED_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
