import type { ResultColumn } from './columns.ts';

/** What a run is doing. `failed` and `cancelled` results keep the rows that came and are marked incomplete. */
export type RunState = 'waiting' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled';

/** A server or client error as the results view shows it. */
export interface ShownError {
  /** ClickHouse error code, where the server sent one. */
  code?: number;
  /** ClickHouse error name, for example `UNKNOWN_TABLE`, or the client's error kind in plain words. */
  name: string;
  message: string;
  /** What the user can do next, in plain English. */
  hint?: string;
}

/** A command the results view may offer as a button; the host checks the id against its own list. */
export interface ShownAction {
  id: string;
  title: string;
}

/** Everything the results view shows of one run but the cells. Always a whole snapshot, never a delta. */
export interface ResultSnapshot {
  /** Identifies the spool; windows of another id are stale. */
  id: string;
  /** The statement in one line, cut, for the header. */
  title: string;
  /** Name of the editor the result belongs to. */
  source: string;
  connection: string;
  state: RunState;
  columns: ResultColumn[];
  /** Rows in the spool so far. */
  rows: number;
  /** Bytes received so far. */
  bytes: number;
  /** Rows the server has read, when known. */
  readRows?: number;
  /** Rows the server expects to read, when known. */
  totalRows?: number;
  elapsedMs: number;
  /** True only when the whole result was received and verified. */
  complete: boolean;
  /** A line for statements without rows, for example "Ok. 3 rows written". */
  message?: string;
  /** Something to know beside the result, for example that a lost session was replaced. */
  notice?: string;
  error?: ShownError;
  /** How the files go that this result is being saved to, in one line. */
  saving?: string;
  actions: ShownAction[];
  /** Zone that `DateTime` columns without a zone of their own print in. */
  timeZone: string;
  queryId: string;
}

/** Host to webview. */
export type HostMessage =
  /** The whole state of the view; `result` null means nothing has run in the active editor. */
  | { type: 'show'; result: ResultSnapshot | null }
  /**
   * Answer to `window`: an Arrow IPC stream with the asked columns only, from the asked row on. It may hold fewer
   * rows than asked, but at least one: the page asks for the others when it needs them.
   */
  | { type: 'window'; requestId: number; firstRow: number; ipc: Uint8Array }
  /** Answer to a request that failed. */
  | { type: 'failed'; requestId: number; message: string }
  /** Move the keyboard focus into the grid. */
  | { type: 'focus' };

/** Webview to host. */
export type WebviewMessage =
  /** The page is ready for `show`. */
  | { type: 'ready' }
  /** Asks for rows [firstRow, firstRow + rows) of the columns given by index. */
  | {
      type: 'window';
      requestId: number;
      resultId: string;
      firstRow: number;
      rows: number;
      columns: number[];
    }
  /** The viewport moved on: the answer to this request is not wanted any more. */
  | { type: 'abandon'; requestId: number }
  | { type: 'cancel'; resultId: string }
  | { type: 'saveAs'; resultId: string }
  /** Stops the saves that the snapshot's `saving` tells of. */
  | { type: 'cancelSave'; resultId: string }
  /** One of the snapshot's `actions` was chosen. */
  | { type: 'action'; resultId: string; action: string }
  /** Put this text on the clipboard (small selections; the page made it from exact cell texts). */
  | { type: 'copy'; text: string };
