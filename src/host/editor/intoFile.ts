import type * as vscode from 'vscode';
import type { Client } from '../../core/client/surface.ts';
import { fromInfile } from '../../core/sql/fromInfile.ts';
import { intoOutfile } from '../../core/sql/intoOutfile.ts';
import { classify } from '../../core/sql/kind.ts';
import { returnsRows } from '../../core/sql/statementKind.ts';
import type { FileRun, FileRunRequest, RunServices } from '../results/runOptions.ts';
import { insertInfile } from '../transfer/insert/infile.ts';
import { askAboutLeft } from '../transfer/save/failedSave.ts';
import { saveOutfile } from '../transfer/save/outfile.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import { savedInFullText } from '../transfer/transferTexts.ts';

export interface FileRunPlace {
  readonly sql: string;
  readonly uri: vscode.Uri;
  /** The connection's name. */
  readonly connection: string;
  /** The local engine, started if need be. */
  readonly engine: () => Promise<Client>;
}

/** Runs a statement of an editor that says INTO OUTFILE or FROM INFILE. Undefined: it says nothing of the kind. */
export async function runIntoFile(
  { sql, uri, connection, engine }: FileRunPlace,
  { client, session }: RunServices,
  { params, signal, onProgress }: FileRunRequest,
  running: RunningSaves,
): Promise<FileRun | undefined> {
  const infile = fromInfile(sql);
  if (infile) {
    const message = await insertInfile(infile, { document: uri, client, session, signal });
    return { message, receipt: undefined, rows: [] };
  }
  const clause = returnsRows(classify(sql)) ? intoOutfile(sql) : undefined;
  if (!clause) return undefined;
  const onPartial = askAboutLeft(running);
  const { saved, rows } = await saveOutfile(
    { clause, sql, document: uri, connection, client, session, params, engine, onPartial },
    running,
    { signal, update: () => undefined, onProgress },
  );
  const { receipt } = saved;
  return { message: savedInFullText(receipt), receipt, rows };
}
