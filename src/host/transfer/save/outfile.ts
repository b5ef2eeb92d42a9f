import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { FileError, isFileError } from '../../../core/client/errors.ts';
import type { Client, ParameterValues, Session } from '../../../core/client/surface.ts';
import { resultSettings } from '../../../core/transfer/cutSettings.ts';
import type { IntoOutfile } from '../../../core/sql/intoOutfile.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';
import { type OutfilePlan, planOutfile } from '../../../core/transfer/outfile.ts';
import { serverSettings } from '../serverFormats.ts';
import { askCut } from './askCut.ts';
import type { FileRows } from '../../results/runOptions.ts';
import { planFileRows } from './outfileRows.ts';
import { requireOutfilePlaces } from './outfilePlace.ts';
import { folderFor } from './place.ts';
import { type Saved, type SaveJob, type ShownProgress, saveOne } from './runSave.ts';
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
  /** The local engine, for AND STDOUT; undefined: rows are not to be shown. */
  readonly engine: (() => Promise<Client>) | undefined;
  /** As of `SaveJob`. */
  readonly onPartial: SaveJob['onPartial'];
}

export interface SavedOutfile {
  readonly saved: Saved;
  /** The statement says AND STDOUT. */
  readonly alsoShow: boolean;
  /** How to show the rows that are in the file, best first; empty where they are not to be shown, or cannot be. */
  readonly rows: readonly FileRows[];
}

const SAVE_ONLY = 'Save without showing';

/** @throws CancelledError when the user turns away */
async function agreeToSaveOnly({ format, compression }: OutfilePlan['save']): Promise<void> {
  const what = compression === 'none' ? format : `${format} with ${compression}`;
  const chosen = await vscode.window.showWarningMessage(
    'AND STDOUT cannot be followed: the rows would not be shown.',
    {
      modal: true,
      detail: `The statement runs once, and to show the rows of a ${what} file takes a local ClickHouse that can read it.`,
    },
    SAVE_ONLY,
  );
  if (chosen !== SAVE_ONLY) throw cancelledHere('INTO OUTFILE was turned away. Nothing was run.');
}

/** 0 for a file that is not there. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function planFor({ clause, document, client }: OutfileStatement): Promise<OutfilePlan> {
  const folder = folderFor(document);
  const plan = planOutfile(clause, { folder });
  const server = await serverSettings(client);
  return server ? planOutfile(clause, { folder, server }) : plan;
}

const OWN_HINTS: Readonly<Record<string, string>> = {
  EXISTS:
    'Write TRUNCATE behind the file name to replace it, APPEND to add to it, or choose another name.',
  PARTIAL: 'Rename or remove that file, or choose another name.',
};

/** The statement decides whether a file is replaced, so no dialog and no argument can. */
function withOwnHint(error: unknown): unknown {
  const hint = isFileError(error) ? OWN_HINTS[error.code ?? ''] : undefined;
  if (!isFileError(error) || hint === undefined) return error;
  return new FileError(error.path, error.message, error.code, { cause: error, hint });
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
  const { sql, document, connection, client, session, params, engine, onPartial } = statement;
  const plan = await planFor(statement);
  const { sql: ownSql, path, save, alsoShow } = plan;
  await requireOutfilePlaces({ document, paths: [path] });
  const { signal } = shown;
  const rows =
    alsoShow && engine
      ? await planFileRows({ plan, client, session, params, signal, engine })
      : undefined;
  if (rows?.canShow === false) await agreeToSaveOnly(save);
  const { format, compression, overwrite, append, settings } = save;
  const source = {
    sql,
    document,
    connection,
    client,
    ownFormat: undefined,
    ownSettings: new Set<string>(),
    formatSettings: () => serverSettings(client),
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
    dropsPartial: false,
  };
  const job = {
    source,
    target,
    output: { format, settings },
    params,
    append,
    onPartial,
    mayCut: askCut,
  };
  try {
    const start = save.append ? await sizeOf(path) : 0;
    const saved = await saveOne(job, running, shown);
    return { saved, alsoShow, rows: rows?.of(saved.receipt, start) ?? [] };
  } catch (error) {
    throw withOwnHint(error);
  }
}
