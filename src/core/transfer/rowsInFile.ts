import { type FileHandle, open } from 'node:fs/promises';
import type { ContentCoding } from '../client/surface.ts';
import { fileError } from './fileErrors.ts';
import { findFormat } from './formats.ts';
import { parquetRows } from './parquetFooter.ts';

const MAGIC = 'PAR1';
/** Length of the footer (UInt32) and the magic. */
const END_BYTES = 8;
/** The schema and the number of rows stand first; what follows grows with the row groups. */
const MAX_FOOTER_BYTES = 8 * 1024 * 1024;

/**
 * The number of rows that a whole file itself tells, without reading it through: of Parquet files today;
 * undefined for others, and for files that are not whole.
 * @throws FileError if the file cannot be read.
 */
export async function rowsInFile(
  path: string,
  file: { readonly format: string; readonly compression?: ContentCoding | 'none' },
): Promise<number | undefined> {
  if (findFormat(file.format)?.name !== 'Parquet') return undefined;
  if (file.compression !== undefined && file.compression !== 'none') return undefined;
  try {
    const handle = await open(path);
    try {
      const footer = await readFooter(handle);
      return footer === undefined ? undefined : parquetRows(footer);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(path, `read ${path}`, error);
  }
}

async function readFooter(handle: FileHandle): Promise<Buffer | undefined> {
  const { size } = await handle.stat();
  if (size < END_BYTES) return undefined;
  const end = await readAt(handle, size - END_BYTES, END_BYTES);
  if (end.toString('latin1', 4) !== MAGIC) return undefined;
  const length = end.readUInt32LE(0);
  const start = size - END_BYTES - length;
  return start < 0 ? undefined : readAt(handle, start, Math.min(length, MAX_FOOTER_BYTES));
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
