import { type FileHandle, open } from 'node:fs/promises';
import type { ContentCoding } from '../../client/surface.ts';
import { fileError } from '../fileErrors.ts';
import { findFormat } from '../formats.ts';
import { orcEnd, orcRows } from './orcFooter.ts';
import { parquetRows } from './parquetFooter.ts';

const MAGIC = 'PAR1';
/** Length of the footer (UInt32) and the magic. */
const END_BYTES = 8;
/** The end of an ORC file tells its own length in one byte. */
const ORC_END_BYTES = 256;
/** The schema and the number of rows stand first; what follows grows with the row groups. */
const MAX_FOOTER_BYTES = 8 * 1024 * 1024;

const READERS: Readonly<Record<string, (file: FileHandle) => Promise<number | undefined>>> = {
  Parquet: rowsOfParquet,
  ORC: rowsOfOrc,
};

/**
 * The number of rows that the end of a whole file tells, of Parquet and ORC; undefined for others, and for files that
 * are not whole.
 * @throws FileError if the file cannot be read.
 */
export async function rowsInFile(
  path: string,
  file: { readonly format: string; readonly compression?: ContentCoding | 'none' },
): Promise<number | undefined> {
  const read = READERS[findFormat(file.format)?.name ?? ''];
  if (read === undefined) return undefined;
  if (file.compression !== undefined && file.compression !== 'none') return undefined;
  try {
    const handle = await open(path);
    try {
      return await read(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, `read ${path}`, error);
  }
}

async function rowsOfParquet(file: FileHandle): Promise<number | undefined> {
  const { size } = await file.stat();
  if (size < END_BYTES) return undefined;
  const end = await readAt(file, size - END_BYTES, END_BYTES);
  if (end.toString('latin1', 4) !== MAGIC) return undefined;
  const length = end.readUInt32LE(0);
  const start = size - END_BYTES - length;
  if (start < 0) return undefined;
  return parquetRows(await readAt(file, start, Math.min(length, MAX_FOOTER_BYTES)));
}

async function rowsOfOrc(file: FileHandle): Promise<number | undefined> {
  const { size } = await file.stat();
  const tail = Math.min(size, ORC_END_BYTES);
  const end = orcEnd(await readAt(file, size - tail, tail));
  if (end === undefined || end.footerBytes > MAX_FOOTER_BYTES) return undefined;
  const start = size - end.endBytes - end.footerBytes;
  if (start < 0) return undefined;
  return orcRows(await readAt(file, start, end.footerBytes), end.compression);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
