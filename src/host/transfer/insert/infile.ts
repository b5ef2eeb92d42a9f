import path from 'node:path';
import type * as vscode from 'vscode';
import {
  CancelledError,
  UsageError,
  isCancelledError,
  isRowhouseError,
} from '../../../core/client/errors.ts';
import type { Client, InsertFileOptions, Session } from '../../../core/client/surface.ts';
import type { FromInfile } from '../../../core/sql/fromInfile.ts';
import { infileInserts } from '../../../core/transfer/infile.ts';
import { countOf } from '../../../shared/humanNumbers.ts';
import { hasMaterializedViews } from '../insertTargets.ts';
import { folderFor } from '../save/place.ts';
import { insertedText } from '../transferTexts.ts';

export interface InfilePlace {
  readonly document: vscode.Uri;
  readonly client: Client;
  readonly session: Session;
  readonly signal: AbortSignal;
}

/** An error of the second or a later file must not hide that the files before it are in the table. */
function afterOthers(error: unknown, done: readonly InsertFileOptions[]): unknown {
  if (done.length === 0 || !isRowhouseError(error)) return error;
  const names = done.map((options) => path.basename(options.path)).join(', ');
  if (isCancelledError(error)) {
    const { outcome, gone } = error;
    const hint = `Inserted before it: ${names}.`;
    return new CancelledError(error.message, outcome, { gone, hint, cause: error });
  }
  return new UsageError(error.message, {
    cause: error,
    ambiguous: true,
    hint: `Inserted before it: ${names}. ${error.hint ?? ''}`.trim(),
  });
}

/**
 * Runs INSERT … FROM INFILE as clickhouse-client does: the file is read here, in the document's session and
 * from the document's folder.
 * @returns what was inserted, in one line.
 */
export async function insertInfile(
  clause: FromInfile,
  { document, client, session, signal }: InfilePlace,
): Promise<string> {
  const inserts = await infileInserts(clause, folderFor(document));
  let rows: number | undefined = 0;
  let bytes = 0;
  for (const [index, options] of inserts.entries()) {
    try {
      const summary = await session.insertFile({ ...options, signal });
      const { writtenRows } = summary;
      rows = rows === undefined || writtenRows === undefined ? undefined : rows + writtenRows;
      bytes += summary.bytes;
    } catch (error) {
      throw afterOthers(error, inserts.slice(0, index));
    }
  }
  const [first] = inserts;
  const files =
    inserts.length === 1 ? path.basename(first?.path ?? '') : countOf(inserts.length, 'file');
  const views = await hasMaterializedViews(client, clause.table);
  return insertedText({ rows, bytes, views, files, table: clause.table });
}
