import type * as vscode from 'vscode';
import type { CancelOutcome } from '../../core/client/cancelSurface.ts';
import type { Client } from '../../core/client/surface.ts';
import type { WindowPart } from '../../core/arrow/spool/spool.ts';
import type { SpoolTable } from '../../core/arrow/spool/spoolTable.ts';
import type { ResultSnapshot } from '../../shared/protocol.ts';
import type { Connection } from '../connections/connections.ts';
import type { EditorStatement } from '../editor/currentStatement.ts';

/** What a result is the result of. */
export interface ResultOrigin {
  statement: EditorStatement;
  connection: Connection;
  /** Values for the statement's placeholders. */
  params: Readonly<Record<string, unknown>>;
  /** True: from before the window was loaded again, so that secrets of the statement are hidden. */
  isRestored?: true;
}

export interface WindowQuery {
  firstRow: number;
  rows: number;
  columns: number[];
  /** Cells as they are, however long; otherwise long ones come cut. */
  whole?: boolean;
}

/** A result on screen, of a statement that runs or ran now or before the window was loaded again. */
export interface Result {
  readonly id: string;
  readonly options: ResultOrigin;
  /** The document it belongs to. */
  readonly uri: vscode.Uri;
  readonly isRunning: boolean;
  /** Settles when nothing changes any more; never rejects. */
  readonly done: Promise<void>;
  /** Of a cancelled query: settles when the server no longer runs it, rejects when the server cannot be asked. */
  readonly stopping: Promise<CancelOutcome> | undefined;
  /** The file of its rows; undefined when it has none. */
  readonly file: string | undefined;
  snapshot(): ResultSnapshot;
  /** The document got another name. */
  moveTo(uri: vscode.Uri): void;
  /** Stops the query on the server. What came so far stays. */
  cancel(): void;
  /** The asked columns of the asked rows, or of the first of them when rows are large. */
  readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart>;
  /**
   * The rows as a table for the local engine; belongs to the caller.
   * @param engine a client of the local engine
   * @throws UsageError when rows are still coming or are gone, or the engine cannot read them exactly
   */
  openTable(engine: Client): Promise<SpoolTable>;
  /** Ends a running query and deletes the rows. */
  dispose(): Promise<void>;
  /** Ends a running query and lets go of the rows; their file stays for the next start. */
  close(): Promise<void>;
}
