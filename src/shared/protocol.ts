import type { ColumnSums, SumBlock } from './cellSums.ts';
import type { AskedChart, Chart } from './chart.ts';
import type { ResultColumn } from './columns.ts';
import type { ColumnCommand, CopyBlock, CopyFormat, TimeDisplay } from './gridCommand.ts';
import type { RowBeside } from './rowBeside.ts';
import type { RunProgress, RunStatistics } from './runStatistics.ts';
import type { ColumnStatistics } from './columnStatistics.ts';
import type {
  CellSearch,
  FilterOperator,
  SortDirection,
  ViewProblem,
  ViewSnapshot,
  ViewSpec,
} from './resultView.ts';
import type { TextSetting } from './textSetting.ts';
import type { ZoneTable } from './zoneTable.ts';

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
  /** Only while it runs, and when the server lets the user see it. */
  progress?: RunProgress;
  /** Once it has ended, when something of it ran on a server. */
  statistics?: RunStatistics;
  elapsedMs: number;
  /** True only when the whole result was received and verified. */
  complete: boolean;
  /** A line for statements without rows, for example "Ok. 3 rows written". */
  message?: string;
  /** Something to know beside the result, for example that a lost session was replaced. */
  notice?: string;
  error?: ShownError;
  /** Why reading stopped before the end although nothing failed, for example at the limit of rows. */
  limit?: string;
  /** Totals and extremes of a statement that has them; absent until the end. */
  beside?: RowBeside[];
  /** How the files go that this result is being saved to, in one line. */
  saving?: string;
  /** Which rows are in the grid, where sort and filters were asked for. */
  view?: ViewSnapshot;
  actions: ShownAction[];
  /** Zone that `DateTime` columns without a zone of their own print in. */
  timeZone: string;
  /** The server's offsets of the zones that the columns print in; `Intl` where one is missing. */
  zones?: ZoneTable[];
  /** Settings of the server that change texts, where they are not at ClickHouse's default. */
  textSettings?: TextSetting[];
  queryId: string;
}

/** One of several results that the view can show. */
export interface ResultTab {
  id: string;
  title: string;
  /** Name of the editor the result belongs to. */
  source: string;
  state: RunState;
  complete: boolean;
  /** `message`: the statement returned no rows, for example an INSERT. */
  kind: 'rows' | 'message';
  /** A pinned result stays when its editor runs something else. */
  pinned: boolean;
}

/** A cell of a window that came cut: only its first characters are there. */
export interface CutCell {
  /** Row of the result. */
  row: number;
  /** Index of the result's column. */
  column: number;
}

/** Host to webview. */
export type HostMessage =
  /**
   * The whole state of the view; `result` null means nothing has run in the active editor. `tabs` are the results to
   * choose from, the shown one among them; absent where there is no choice.
   */
  | { type: 'show'; result: ResultSnapshot | null; tabs?: ResultTab[] }
  /**
   * Answer to `window`: an Arrow IPC stream with the asked columns only, from the asked row on. It may hold fewer
   * rows than asked, but at least one: the page asks for the others when it needs them. `cut` lists the cells that
   * are longer than they came.
   */
  | { type: 'window'; requestId: number; firstRow: number; ipc: Uint8Array; cut?: CutCell[] }
  /**
   * The first window of a result, sent before the page knows of rows so that it need not ask for it: at most `rows`
   * rows from the first on of these columns.
   */
  | {
      type: 'firstRows';
      resultId: string;
      rows: number;
      columns: number[];
      ipc: Uint8Array;
      cut?: CutCell[];
    }
  /** Answer to a request that failed. */
  | {
      type: 'failed';
      requestId: number;
      message: string;
      hint?: string;
      actions?: ShownAction[];
    }
  /** How far a `find`, `columnStatistics` or `sumCells` is, 0 to 1; also a sign that the host still works on it. */
  | { type: 'working'; requestId: number; fraction: number }
  /**
   * Answer to `find`: how many rows show the text, and of the first of them the row (Float64) and its first column
   * that does (Int32), both little-endian.
   */
  | { type: 'found'; requestId: number; matches: number; rows: Uint8Array; columns: Uint8Array }
  /** Answer to `sumCells`: column by column in the order of its blocks. Absent: the engine does not run, see `start`. */
  | { type: 'cellSums'; requestId: number; sums?: ColumnSums[] }
  /** The local engine runs now: what failed for want of it can be tried again. */
  | { type: 'engineRuns' }
  /** Answer to `columnStatistics`. */
  | { type: 'columnStatistics'; requestId: number; statistics: ColumnStatistics }
  /** How far a `copyAs` is. */
  | { type: 'copying'; requestId: number; cells: number }
  /** Answer to `copyAs`: the text is on the clipboard, or, when it is `tooLarge`, nothing was copied. */
  | { type: 'copied'; requestId: number; cells: number; tooLarge: boolean }
  /** Copy the selected cells. */
  | { type: 'copyCells'; format: CopyFormat; header: boolean }
  | { type: 'columns'; command: ColumnCommand; columns?: number[] }
  /** First widths, order and all columns again. */
  | { type: 'resetColumns' }
  /** All columns as wide as their header and the rows on screen need. */
  | { type: 'autosizeColumns' }
  /** Ask which columns to show (`pickColumns`). */
  | { type: 'chooseColumns' }
  | { type: 'showTimes'; display: TimeDisplay }
  /** Open or close the statistics of the run. */
  | { type: 'toggleStatistics' }
  /** Sort by these columns, else by that of the active cell; `add`: beside what the rows are sorted by. */
  | { type: 'sort'; direction: SortDirection | 'none'; add: boolean; columns?: number[] }
  /** Filter the column, else that of the active cell; without an operator the user is asked. */
  | { type: 'filter'; column?: number; operator?: FilterOperator; values?: string[] }
  /** Show only the rows that have the value of the active cell in its column, or only the others. */
  | { type: 'filterByValue'; exclude: boolean }
  /** The rows of the result themselves again. */
  | { type: 'clearView' }
  /** Look for a text in all cells; without one the user is asked. */
  | { type: 'findInResult'; text?: string }
  /** Make a cell of this row the active one; the first row is 0. */
  | { type: 'goToRow'; row: number }
  /** Open the statistics of the column, else that of the active cell. */
  | { type: 'showColumnStatistics'; column?: number }
  /** Open or close the whole value of the active cell. */
  | { type: 'inspect' }
  /** Answer to `chart`. */
  | { type: 'chart'; requestId: number; chart: Chart }
  /** Answer to `chart` where there is none. */
  | { type: 'noChart'; requestId: number; problem: ViewProblem }
  /** How far a `chart` is. */
  | { type: 'charting'; requestId: number; readRows: number }
  /** Show the result as a chart or as a grid. */
  | { type: 'showAs'; chart: boolean }
  /** Put the chart on the clipboard as an image. */
  | { type: 'copyChart' }
  /** Send the chart as an image: answered by `chartImage`. */
  | { type: 'takeChart'; ticket: number }
  /** The chart is in a file of this name. */
  | { type: 'chartSaved'; name: string }
  /** Asks for a piece of a dropped file; answered by `piece`. */
  | { type: 'takePiece'; dropId: number; file: number; offset: number; bytes: number }
  /** The files of this drop are not needed any more. */
  | { type: 'endDrop'; dropId: number };

/** A file of the operating system that was dropped on the page. */
export interface DroppedFile {
  name: string;
  bytes: number;
}

/** Webview to host. */
export type WebviewMessage =
  /** The page is ready for `show`. */
  | { type: 'ready' }
  /** Asks for rows [firstRow, firstRow + rows) of the columns given by index; `whole` for cells that are not cut. */
  | {
      type: 'window';
      requestId: number;
      resultId: string;
      firstRow: number;
      rows: number;
      columns: number[];
      whole?: boolean;
      /** `id` of the {@link ViewSnapshot} whose rows are meant. Default: those that are shown. */
      view?: string;
    }
  /** The viewport moved on: the answer to this request is not wanted any more. */
  | { type: 'abandon'; requestId: number }
  | { type: 'cancel'; resultId: string }
  | { type: 'saveAs'; resultId: string }
  /** Stops the saves that the snapshot's `saving` tells of. */
  | { type: 'cancelSave'; resultId: string }
  | { type: 'selectTab'; resultId: string }
  /** Ends the result: a running query is cancelled, its rows are deleted. */
  | { type: 'closeTab'; resultId: string }
  | { type: 'pin'; resultId: string; pinned: boolean }
  /** Moves the result out of the view into an editor tab of its own. */
  | { type: 'openInEditor'; resultId: string }
  /** The statistics of an ended result are on screen: what the server's query log says is wanted. */
  | { type: 'statistics'; resultId: string }
  /** One of the snapshot's `actions`, or a button of the page, was chosen. */
  | { type: 'action'; resultId: string; action: string }
  /**
   * Put these cells on the clipboard as text of a format, made from the exact texts in the spool. Answered by
   * `copied` or `failed`, `copying` before; `abandon` ends it. `header`: with the columns' names.
   */
  | {
      type: 'copyAs';
      requestId: number;
      resultId: string;
      format: CopyFormat;
      header: boolean;
      blocks: CopyBlock[];
      view?: string;
    }
  /** Show these rows of the result in this order; without sort and filters those of the result itself. */
  | { type: 'view'; resultId: string; view: ViewSpec }
  /** Look for a text in all cells of the rows that are shown; answered by `found` or `failed`. */
  | { type: 'find'; requestId: number; resultId: string; view?: string; search: CellSearch }
  /** Answered by `columnStatistics` or `failed`. */
  | { type: 'columnStatistics'; requestId: number; resultId: string; view?: string; column: number }
  /**
   * Add up cells of the rows that are shown; answered by `cellSums` or `failed`, `abandon` ends it. `zone`: the one that
   * times are shown in, where it is not each column's own. `start`: starts the local engine when it does not run.
   */
  | {
      type: 'sumCells';
      requestId: number;
      resultId: string;
      view?: string;
      blocks: SumBlock[];
      start: boolean;
      zone?: string;
    }
  /** The rows in the grid stay: ends what the snapshot's `view.working` tells of. */
  | { type: 'cancelView'; resultId: string }
  /**
   * Asks for a chart of the rows that are shown. Answered by `chart` or `noChart`, `charting` before; `abandon` ends it.
   */
  | {
      type: 'chart';
      requestId: number;
      resultId: string;
      view?: string;
      asked: AskedChart;
      /** Zone for all times. Default: each column's own. */
      zone?: string;
    }
  /** Save the chart that the page shows. */
  | { type: 'saveChart'; resultId: string }
  /** Answer to `takeChart`: a PNG file, or nothing where no chart is drawn. */
  | { type: 'chartImage'; ticket: number; png?: Uint8Array }
  /** Files of the window, for example of VS Code's explorer, were dropped on the page. */
  | { type: 'dropUris'; uris: string[] }
  /** Files of the operating system were dropped: a page has no paths of them, but gives their bytes. */
  | { type: 'dropFiles'; dropId: number; files: DroppedFile[] }
  /** Answer to `takePiece`; without bytes where the file cannot be read. */
  | { type: 'piece'; dropId: number; file: number; offset: number; bytes?: Uint8Array }
  /** Let the user choose the columns to show; answered by the command `show` for columns. */
  | { type: 'pickColumns'; resultId: string; shown: number[] };
