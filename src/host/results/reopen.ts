import * as vscode from 'vscode';
import { openSpool } from '../../core/arrow/spool/openSpool.ts';
import { classify } from '../../core/sql/kind.ts';
import type { ViewSpec } from '../../shared/resultView.ts';
import type { Connections } from '../connections/connections.ts';
import type { KeptResult } from './keptResult.ts';
import { RestoredResult } from './restoredResult.ts';
import type { Result } from './result.ts';
import { ResultRows } from './resultRows.ts';

export interface Reopened {
  readonly result: Result;
  /** How its rows were sorted and filtered. */
  readonly view: ViewSpec | undefined;
}

/**
 * A result that was written down, from before the window was loaded again.
 * @param file of its rows; undefined when it had none
 * @throws what reading the file throws
 */
export async function reopen(
  { snapshot: kept, view, uri, sql, offset, params, connection: id, ofWorkspace }: KeptResult,
  file: string | undefined,
  connections: Connections,
): Promise<Reopened> {
  const { columns, timeZone, zones = [], textSettings = [], complete } = kept;
  const spool = file === undefined ? undefined : await openSpool(file, complete);
  const rows = spool && new ResultRows(spool, columns, { timeZone, tables: zones, textSettings });
  const statement = { uri: vscode.Uri.parse(uri), sql, offset, kind: classify(sql) };
  const connection = connections.of({ id, ofWorkspace: ofWorkspace === true });
  const snapshot = { ...kept, connection: connection.name };
  const origin = { statement, connection, params, isRestored: true } as const;
  return { result: new RestoredResult(snapshot, origin, rows), view: rows && view };
}
