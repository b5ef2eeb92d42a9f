import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { FileError, UsageError } from '../client/errors.ts';
import type { ContentCoding, InsertFileOptions } from '../client/surface.ts';
import type { FromInfile } from '../sql/fromInfile.ts';
import { CODINGS } from './codings.ts';
import { fileError } from './fileErrors.ts';
import { findCoding } from './outfileName.ts';

/**
 * The inserts that a statement with FROM INFILE stands for, as clickhouse-client does them: one for each
 * file of a pattern, by name; the format by FORMAT, else by the suffix; the compression by COMPRESSION,
 * else by the suffix.
 * @param folder where relative names start.
 * @throws UsageError for an unknown compression, FileError (ENOENT) when no file fits.
 */
export async function infileInserts(
  clause: FromInfile,
  folder: string,
): Promise<InsertFileOptions[]> {
  const { table, columns, format, settings } = clause;
  const contentEncoding = codingOf(clause);
  const paths = await filesOf(clause.file, folder);
  return paths.map((path) => ({
    table,
    path,
    settings,
    ...(columns && { columns }),
    ...(format !== undefined && { format }),
    ...(contentEncoding !== undefined && { contentEncoding }),
  }));
}

function codingOf({ compression = 'auto' }: FromInfile): ContentCoding | 'none' | undefined {
  const chosen = compression.toLowerCase();
  if (chosen === '' || chosen === 'auto') return undefined;
  const coding = chosen === 'none' ? 'none' : findCoding(chosen);
  if (coding !== undefined) return coding;
  throw new UsageError(`There is no compression '${compression}'.`, {
    hint: `COMPRESSION takes ${CODINGS.map(({ coding: name }) => `'${name}'`).join(', ')}, 'none' or 'auto'.`,
  });
}

async function filesOf(file: string, folder: string): Promise<string[]> {
  if (file === '') throw new UsageError('FROM INFILE names no file.');
  const path = resolve(folder, file);
  const pattern = basename(path);
  const parent = dirname(path);
  if (/[*?{]/.test(parent)) {
    throw new UsageError(`Patterns in the names of folders are not read: ${file}.`, {
      hint: 'Write the pattern into the last part of the path only.',
    });
  }
  if (!/[*?{]/.test(pattern)) return [path];
  const fits = patternOf(pattern);
  const names = await readdir(parent).catch((error: unknown) => {
    throw fileError(parent, `read ${parent}`, error);
  });
  const found = names.filter((name) => fits.test(name)).sort();
  if (found.length > 0) return found.map((name) => join(parent, name));
  throw new FileError(path, `No file fits ${path}.`, 'ENOENT', { hint: 'Nothing was inserted.' });
}

/** ClickHouse's patterns within one name: `*`, `?`, `{a,b}`, `{1..9}`. */
function patternOf(pattern: string): RegExp {
  const source = pattern.replace(/\{[^{}]*\}|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length === 1 ? escaped(part) : choices(part.slice(1, -1));
  });
  return new RegExp(`^${source}$`, 's');
}

function choices(list: string): string {
  const [, from = '', to = ''] = /^(\d+)\.\.(\d+)$/.exec(list) ?? [];
  if (from === '') return `(?:${list.split(',').map(escaped).join('|')})`;
  const width = from.startsWith('0') ? from.length : 0;
  const count = Math.min(10_000, Number(to) - Number(from) + 1);
  const numbers = Array.from({ length: Math.max(0, count) }, (_, index) =>
    String(Number(from) + index).padStart(width, '0'),
  );
  return `(?:${numbers.join('|')})`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
