import { stat } from 'node:fs/promises';
import type { Connection } from '../client/connection.ts';
import { FileError, isCancelledError, isRowhouseError, UsageError } from '../client/errors.ts';
import { rawInsert } from '../client/insert.ts';
import type { InsertFileOptions, InsertSummary, StatementRunner } from '../client/surface.ts';
import { FileChunks } from './fileChunks.ts';
import { fileError, systemCode } from './fileErrors.ts';
import { type InsertPlan, planInsert, type TableColumn } from './insertPlan.ts';
import { hasHeader } from './look/readingChoices.ts';

/**
 * Streams a file into a table: the server decompresses and parses. Plain text is compressed on the way to
 * servers that are not this machine; everything else goes up as it lies there. The table and the
 * file's first bytes are checked before anything is sent, because a server reads a whole upload before
 * it answers, even for a table that does not exist.
 * @throws FileError (code `CHANGED`: it is not the file that was `seen`; ambiguous: somebody wrote into it meanwhile), UsageError for unknown columns, the server's errors (`ambiguous`: between 0 and
 *   all rows may have been written; `writtenRows` where the server said).
 */
export async function insertFile(
  connection: Connection,
  query: StatementRunner['rawQuery'],
  options: InsertFileOptions,
): Promise<InsertSummary> {
  const { path, contentEncoding, compression = 'auto', seen, ...shared } = options;
  const plan = await planInsert(query, {
    path,
    table: options.table,
    format: options.format,
    contentEncoding,
    settings: options.settings,
    signal: options.signal,
  });
  if (seen && (seen.bytes !== plan.bytes || seen.modified !== plan.modified)) {
    throw changedSince(path);
  }
  if (plan.isLost) throw lostFile(path);
  checkColumns(options.columns, plan.tableColumns);
  checkMapping(options.mapping, plan);
  const source = new FileChunks(path, plan.bytes);
  try {
    const summary = await rawInsert(
      connection,
      {
        ...shared,
        compression,
        format: plan.format,
        source,
        settings: { async_insert: 0, ...plan.settings, ...options.settings },
        ...(plan.coding === undefined ? {} : { contentEncoding: plan.coding }),
      },
      { totalBytes: plan.bytes, tableIsThere: plan.tableColumns !== undefined },
    );
    if (await hasChanged(plan)) throw changedFile(path);
    return summary;
  } catch (error) {
    if (source.endedEarly && !isCancelledError(error)) throw changedFile(path, error);
    const cause = isRowhouseError(error) ? error.cause : error;
    if (systemCode(cause) === undefined || cause !== source.error) throw error;
    throw fileError(path, `read ${path}`, cause);
  }
}

/** A file that is written while it is read goes up as neither its old nor its new self. */
export async function hasChanged({
  path,
  bytes,
  modified,
}: Pick<InsertPlan, 'path' | 'bytes' | 'modified'>): Promise<boolean> {
  return stat(path).then(
    (now) => now.size !== bytes || now.mtimeMs !== modified,
    () => true,
  );
}

export function changedFile(path: string, cause?: unknown): FileError {
  return new FileError(path, `${path} changed while it was read.`, 'CHANGED', {
    cause,
    ambiguous: true,
    hint: 'Rows of its old and its new content may be in the table. Insert it again when nobody writes into it.',
  });
}

function lostFile(path: string): FileError {
  const message = `${path} is cut off: it ends before anything of it can be unpacked.`;
  return new FileError(path, message, 'CUT', {
    hint: 'Nothing of it was sent. Get the whole file and insert it again.',
  });
}

/** What was decided about a file holds for what it was then. */
export function changedSince(path: string): FileError {
  return new FileError(path, `${path} changed since it was looked at.`, 'CHANGED', {
    hint: 'Nothing of it was sent. Insert it again to look at what it is now.',
  });
}

/**
 * A server fills the targets of names that the first line lacks with defaults.
 * @throws FileError (code `COLUMNS`)
 */
export function checkMapping(
  mapping: InsertFileOptions['mapping'],
  { path, format, fileColumns }: InsertPlan,
): void {
  if (!mapping || !fileColumns || hasHeader(format) !== true) return;
  const inFile = new Set(fileColumns.map(({ name }) => name));
  const missing = mapping.filter(({ name }) => !inFile.has(name));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new FileError(path, `The first line of ${path} has no column ${names}.`, 'COLUMNS', {
    hint: 'Nothing of it was sent. Insert it by itself to say where its columns go.',
  });
}

function checkColumns(
  columns: readonly string[] | undefined,
  tableColumns: readonly TableColumn[] | undefined,
): void {
  if (columns === undefined || tableColumns === undefined) return;
  const known = new Set(tableColumns.map((column) => column.name));
  const unknown = columns.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new UsageError(`The table has no column ${unknown.join(', ')}. Nothing was sent.`, {
    hint: `Its columns are: ${[...known].join(', ')}.`,
  });
}
