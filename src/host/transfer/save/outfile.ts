import * as vscode from 'vscode';
import { FileError, isFileError } from '../../../core/client/errors.ts';
import type { Client, ParameterValues, Session } from '../../../core/client/surface.ts';
import { resultSettings } from '../../../core/transfer/cutSettings.ts';
import type { IntoOutfile } from '../../../core/sql/intoOutfile.ts';
import { type OutfilePlan, planOutfile } from '../../../core/transfer/outfile.ts';
import { serverSettings } from '../serverFormats.ts';
import { askCut } from './askCut.ts';
import { requireOutfilePlaces } from './outfilePlace.ts';
import { folderFor } from './place.ts';
import { type Saved, type ShownProgress, saveOne } from './runSave.ts';
import type { RunningSaves } from './runningSaves.ts';

/** A statement that says itself into which file its result goes, and where it runs. */
export interface OutfileStatement {
  readonly clause: IntoOutfile;
  /** As the user wrote it, for the receipt. */
  readonly sql: string;
  readonly document: vscode.Uri | undefined;
  /** The connection's name, for the receipt. */
  readonly connection: string;
  readonly client: Client;
  readonly session: Session;
  readonly params: ParameterValues;
}

export interface SavedOutfile {
  readonly saved: Saved;
  /** AND STDOUT: the statement whose result is to be shown as well. */
  readonly show: string | undefined;
}

async function planFor({ clause, document, client }: OutfileStatement): Promise<OutfilePlan> {
  const folder = folderFor(document);
  const plan = planOutfile(clause, { folder });
  const server = await serverSettings(client, plan.save.format);
  return server ? planOutfile(clause, { folder, server }) : plan;
}

/** The statement decides whether a file is replaced, so no dialog can. */
function withOwnHint(error: unknown): unknown {
  if (!isFileError(error) || error.code !== 'EXISTS') return error;
  return new FileError(error.path, error.message, 'EXISTS', {
    cause: error,
    hint: 'Write TRUNCATE behind the file name to replace it, APPEND to add to it, or choose another name.',
  });
}

/**
 * Runs a statement with INTO OUTFILE as clickhouse-client does: relative names start at the document's
 * folder, and an existing file is refused without APPEND or TRUNCATE. Asked are only places outside of the
 * document's folder and the workspace, and about settings that cut the result.
 */
export async function saveOutfile(
  statement: OutfileStatement,
  running: RunningSaves,
  shown: ShownProgress,
): Promise<SavedOutfile> {
  const { sql, document, connection, client, session, params } = statement;
  const { sql: ownSql, path, save, alsoShow } = await planFor(statement);
  await requireOutfilePlaces({ document, paths: [path] });
  const { format, compression, overwrite, append, settings } = save;
  const source = {
    sql,
    document,
    connection,
    client,
    ownFormat: undefined,
    resultId: undefined,
    isBusy: () => session.state === 'busy' || session.state === 'cancelling',
    askParameters: () => Promise.resolve(params),
    resultSettings: (signal: AbortSignal) => resultSettings(session, ownSql, signal),
    save: (place: string, options: Parameters<Session['saveTo']>[2]) =>
      session.saveTo(ownSql, place, options),
  };
  const target = {
    uri: vscode.Uri.file(path),
    format,
    compression,
    overwrite,
    dropsPartial: overwrite,
  };
  const job = {
    source,
    target,
    output: { format, settings },
    params,
    append,
    onPartial: undefined,
    mayCut: askCut,
  };
  try {
    return { saved: await saveOne(job, running, shown), show: alsoShow ? ownSql : undefined };
  } catch (error) {
    throw withOwnHint(error);
  }
}
