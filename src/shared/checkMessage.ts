import {
  type AskedChart,
  type Chart,
  CHART_AGGREGATES,
  CHART_KINDS,
  type ChartSeries,
  type ChartSpec,
  COLUMN_ROLES,
} from './chart.ts';
import { TALLY_KINDS, type ColumnSums, type SumBlock } from './cellSums.ts';
import type { ColumnStatistics, HistogramPart } from './columnStatistics.ts';
import { COLUMN_COMMANDS, COPY_FORMATS, TIME_DISPLAYS } from './gridCommand.ts';
import type {
  DroppedFile,
  HostMessage,
  ResultSnapshot,
  ResultTab,
  RunState,
  ShownAction,
  ShownError,
  WebviewMessage,
} from './protocol.ts';
import {
  FILTER_OPERATORS,
  type CellSearch,
  type ColumnFilter,
  type SortKey,
  type ViewProblem,
  type ViewSnapshot,
  type ViewSpec,
  type ViewWork,
} from './resultView.ts';
import type { RowBeside } from './rowBeside.ts';
import type {
  EventCount,
  LogLook,
  RunProgress,
  RunStatistics,
  ServerFigures,
} from './runStatistics.ts';
import type { TextSetting } from './textSetting.ts';
import {
  amount,
  bytes,
  column,
  count,
  cutCell,
  gridAnswers,
  gridQuestions,
  fail,
  flag,
  list,
  object,
  oneOf,
  optional,
  text,
  wholeNumber,
  zoneTable,
  check,
  type Checked,
  type Fields,
  type Loose,
  type Messages,
  type Reader,
} from './messageReaders.ts';

const runState: Reader<RunState> = oneOf(
  'waiting',
  'running',
  'cancelling',
  'done',
  'failed',
  'cancelled',
);

const shownError = object<Loose<ShownError>>({
  code: optional(wholeNumber),
  name: text,
  message: text,
  hint: optional(text),
}) as Reader<ShownError>;

const shownAction = object<ShownAction>({ id: text, title: text });

const cellSearch = object<CellSearch>({ text, matchCase: flag });

const viewSpec = object<Loose<ViewSpec>>({
  sort: list(object<SortKey>({ column: count, direction: oneOf('ascending', 'descending') })),
  filters: list(
    object<ColumnFilter>({
      column: count,
      operator: oneOf(...FILTER_OPERATORS),
      values: list(text),
    }),
  ),
  search: optional(cellSearch),
}) as Reader<ViewSpec>;

const viewProblem = object<Loose<ViewProblem>>({
  message: text,
  hint: optional(text),
  actions: list(shownAction),
}) as Reader<ViewProblem>;

const viewSnapshot = object<Loose<ViewSnapshot>>({
  id: text,
  view: viewSpec,
  rows: count,
  bytes: count,
  working: optional(object<ViewWork>({ view: viewSpec, readRows: count, elapsedMs: amount })),
  problem: optional(viewProblem),
}) as Reader<ViewSnapshot>;

const runProgress = object<Loose<RunProgress>>({
  readRows: count,
  readBytes: count,
  totalRows: count,
  writtenRows: count,
  memoryBytes: count,
  threads: count,
  rowsPerSecond: amount,
  bytesPerSecond: amount,
  leftMs: optional(amount),
}) as Reader<RunProgress>;

const serverFigures = object<Loose<ServerFigures>>({
  source: oneOf('seen', 'reply', 'log'),
  readRows: count,
  readBytes: count,
  writtenRows: count,
  writtenBytes: optional(count),
  resultRows: optional(count),
  resultBytes: optional(count),
  peakMemoryBytes: optional(count),
  threads: optional(count),
  elapsedMs: optional(amount),
}) as Reader<ServerFigures>;

const digits: Reader<string> = (value, at) =>
  typeof value === 'string' && /^\d+$/.test(value) ? value : fail(at, 'a whole number as text');

const logLook = object<Loose<LogLook>>({
  state: oneOf('waiting', 'found', 'failed'),
  message: optional(text),
  events: optional(list(object<EventCount>({ name: text, value: digits }))),
}) as Reader<LogLook>;

const runStatistics = object<Loose<RunStatistics>>({
  startedAt: count,
  receivedBytes: optional(count),
  serverVersion: optional(text),
  figures: optional(serverFigures),
  log: optional(logLook),
  comparable: optional(flag),
}) as Reader<RunStatistics>;

const rowBeside = object<RowBeside>({
  kind: oneOf('totals', 'minimum', 'maximum'),
  texts: list((value, at) => (value === null ? null : text(value, at))),
});

const snapshot = object<Loose<ResultSnapshot>>({
  id: text,
  title: text,
  source: text,
  connection: text,
  state: runState,
  columns: list(column),
  rows: count,
  bytes: count,
  progress: optional(runProgress),
  statistics: optional(runStatistics),
  elapsedMs: amount,
  complete: flag,
  message: optional(text),
  notice: optional(text),
  error: optional(shownError),
  limit: optional(text),
  beside: optional(list(rowBeside)),
  saving: optional(text),
  view: optional(viewSnapshot),
  actions: list(shownAction),
  timeZone: text,
  zones: optional(list(zoneTable)),
  textSettings: optional(list(object<TextSetting>({ name: text, value: text }))),
  queryId: text,
}) as Reader<ResultSnapshot>;

const columnStatistics = object<Loose<ColumnStatistics>>({
  column: count,
  rows: count,
  nulls: count,
  nans: optional(count),
  distinct: count,
  exact: flag,
  min: optional(text),
  max: optional(text),
  mean: optional(text),
  top: list(object<{ text: string; rows: number }>({ text, rows: count })),
  histogram: list(object<HistogramPart>({ rows: count, from: text, to: text })),
}) as Reader<ColumnStatistics>;

const columnSums = object<Loose<ColumnSums>>({
  kind: oneOf(...TALLY_KINDS),
  cells: count,
  nulls: count,
  sum: optional(text),
  min: optional(text),
  max: optional(text),
}) as Reader<ColumnSums>;

const sumBlock = object<SumBlock>({
  rows: list(object<SumBlock['rows'][number]>({ first: count, last: count })),
  columns: list(
    object<SumBlock['columns'][number]>({ column: count, kind: oneOf(...TALLY_KINDS) }),
  ),
});

const tab = object<ResultTab>({
  id: text,
  title: text,
  source: text,
  state: runState,
  complete: flag,
  kind: oneOf('rows', 'message'),
  pinned: flag,
});

const orNull =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : reader(value, at);

const finite: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(at, 'a number');

const chartSpec: Fields<ChartSpec> = {
  kind: oneOf(...CHART_KINDS),
  x: count,
  y: list(count),
  aggregate: oneOf(...CHART_AGGREGATES),
  series: wholeNumber,
};

const askedChart = object<Loose<AskedChart>>({
  kind: optional(chartSpec.kind),
  x: optional(chartSpec.x),
  y: optional(chartSpec.y),
  aggregate: optional(chartSpec.aggregate),
  series: optional(chartSpec.series),
}) as Reader<AskedChart>;

const chart = object<Loose<Chart>>({
  spec: object<ChartSpec>(chartSpec),
  roles: list(oneOf(...COLUMN_ROLES)),
  xName: text,
  yName: text,
  xKind: oneOf('time', 'number', 'category'),
  zone: optional(text),
  xs: list(finite),
  ends: optional(list(finite)),
  xTexts: list(text),
  series: list(
    object<ChartSeries>({
      name: text,
      isOther: flag,
      at: list(count),
      values: list(orNull(finite)),
      texts: list(orNull(text)),
    }),
  ),
  caption: text,
  dropped: list(text),
}) as Reader<Chart>;

const hostMessages: Messages<HostMessage> = {
  show: {
    result: (value, at) => (value === null ? null : snapshot(value, at)),
    tabs: optional(list(tab)),
  },
  ...gridAnswers,
  firstRows: {
    resultId: text,
    rows: count,
    columns: list(count),
    ipc: bytes,
    cut: optional(list(cutCell)),
  },
  failed: {
    requestId: count,
    message: text,
    hint: optional(text),
    actions: optional(list(shownAction)),
  },
  working: { requestId: count, fraction: amount },
  found: { requestId: count, matches: count, rows: bytes, columns: bytes },
  cellSums: { requestId: count, sums: optional(list(columnSums)) },
  engineRuns: {},
  columnStatistics: { requestId: count, statistics: columnStatistics },
  copyCells: { format: oneOf(...COPY_FORMATS), header: flag },
  columns: { command: oneOf(...COLUMN_COMMANDS), columns: optional(list(count)) },
  resetColumns: {},
  autosizeColumns: {},
  chooseColumns: {},
  showTimes: { display: oneOf(...TIME_DISPLAYS) },
  toggleStatistics: {},
  sort: {
    direction: oneOf('ascending', 'descending', 'none'),
    add: flag,
    columns: optional(list(count)),
  },
  filter: {
    column: optional(count),
    operator: optional(oneOf(...FILTER_OPERATORS)),
    values: optional(list(text)),
  },
  filterByValue: { exclude: flag },
  clearView: {},
  findInResult: { text: optional(text) },
  goToRow: { row: count },
  showColumnStatistics: { column: optional(count) },
  inspect: {},
  chart: { requestId: count, chart },
  noChart: { requestId: count, problem: viewProblem },
  charting: { requestId: count, readRows: count },
  showAs: { chart: flag },
  copyChart: {},
  takeChart: { ticket: count },
  chartSaved: { name: text },
  takePiece: { dropId: count, file: count, offset: count, bytes: count },
  endDrop: { dropId: count },
};

const webviewMessages: Messages<WebviewMessage> = {
  ready: {},
  ...gridQuestions,
  cancel: { resultId: text },
  saveAs: { resultId: text },
  cancelSave: { resultId: text },
  selectTab: { resultId: text },
  closeTab: { resultId: text },
  pin: { resultId: text, pinned: flag },
  openInEditor: { resultId: text },
  statistics: { resultId: text },
  action: { resultId: text, action: text },
  view: { resultId: text, view: viewSpec },
  find: { requestId: count, resultId: text, view: optional(text), search: cellSearch },
  columnStatistics: { requestId: count, resultId: text, view: optional(text), column: count },
  sumCells: {
    requestId: count,
    resultId: text,
    view: optional(text),
    blocks: list(sumBlock),
    start: flag,
    zone: optional(text),
  },
  cancelView: { resultId: text },
  chart: {
    requestId: count,
    resultId: text,
    view: optional(text),
    asked: askedChart,
    zone: optional(text),
  },
  saveChart: { resultId: text },
  chartImage: { ticket: count, png: optional(bytes) },
  dropUris: { uris: list(text) },
  dropFiles: { dropId: count, files: list(object<DroppedFile>({ name: text, bytes: count })) },
  piece: { dropId: count, file: count, offset: count, bytes: optional(bytes) },
  pickColumns: { resultId: text, shown: list(count) },
};

/** Checks what the webview received. Never throws; a message of the wrong shape must be dropped and logged. */
export function checkHostMessage(value: unknown): Checked<HostMessage> {
  return check<HostMessage>(hostMessages, value);
}

/** Checks what the host received: the page is less trusted than the host, nothing of it is used unchecked. */
export function checkWebviewMessage(value: unknown): Checked<WebviewMessage> {
  return check<WebviewMessage>(webviewMessages, value);
}
