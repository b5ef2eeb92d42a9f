import type * as vscode from 'vscode';
import { intoOutfile } from '../../core/sql/intoOutfile.ts';
import type { FileRun, FileRunRequest, RunServices } from '../results/resultRun.ts';
import { saveOutfile } from '../transfer/save/outfile.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import { savedInFullText } from '../transfer/transferTexts.ts';

export interface FileRunPlace {
  readonly sql: string;
  readonly uri: vscode.Uri;
  /** The connection's name. */
  readonly connection: string;
}

/** Runs a statement of an editor that says INTO OUTFILE. Undefined: it says nothing of the kind. */
export async function runIntoFile(
  { sql, uri, connection }: FileRunPlace,
  { client, session }: RunServices,
  { params, signal, onProgress }: FileRunRequest,
  running: RunningSaves,
): Promise<FileRun | undefined> {
  const clause = intoOutfile(sql);
  if (!clause) return undefined;
  const { saved, show } = await saveOutfile(
    { clause, sql, document: uri, connection, client, session, params },
    running,
    { signal, update: () => undefined, onProgress },
  );
  return { message: savedInFullText(saved.receipt), show };
}
