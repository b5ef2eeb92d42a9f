import type { ResultColumn } from './columns.ts';
import { COLUMN_COMMANDS, COPY_FORMATS, TIME_DISPLAYS, type CopyBlock } from './gridCommand.ts';
import type {
  CutCell,
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
import type {
  EventCount,
  LogLook,
  RunProgress,
  RunStatistics,
  ServerFigures,
} from './runStatistics.ts';
import type { ZoneTable } from './zoneTable.ts';

/** Outcome of a check: the message, or in plain words what is wrong with it. */
export type Checked<T> = { ok: true; message: T } | { ok: false; problem: string };

/** A reader takes a value from outside and returns it typed, or throws `Problem` naming the place. */
type Reader<T> = (value: unknown, at: string) => T;

class Problem extends Error {}

function fail(at: string, expected: string): never {
  throw new Problem(`${at}: expected ${expected}`);
}

const text: Reader<string> = (value, at) =>
  typeof value === 'string' ? value : fail(at, 'a text');

const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : fail(at, 'true or false');

/** A whole number from 0 to 2^53 - 1: a row, a count, an id. */
const count: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(at, 'a whole number of at least 0');

const amount: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : fail(at, 'a number of at least 0');

const wholeNumber: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : fail(at, 'a whole number');

const bytes: Reader<Uint8Array> = (value, at) =>
  value instanceof Uint8Array ? value : fail(at, 'bytes (a Uint8Array)');

function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (value, at) =>
    values.find((allowed) => allowed === value) ?? fail(at, `one of ${values.join(', ')}`);
}

function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((entry: unknown, i) => item(entry, `${at}[${i}]`))
      : fail(at, 'a list');
}

function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

type Fields<T> = { [K in keyof T]-?: Reader<T[K]> };

/** An object with these fields; absent optional fields stay absent, unknown fields are dropped. */
function object<T extends object>(fields: Fields<T>): Reader<T> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null) fail(at, 'an object');
    const source = new Map(Object.entries(value));
    const entries = Object.entries<Reader<unknown>>(fields)
      .map(([name, read]) => [name, read(source.get(name), `${at}.${name}`)] as const)
      .filter(([, read]) => read !== undefined);
    return Object.fromEntries(entries) as T;
  };
}

const column = object<ResultColumn>({ name: text, type: text, encoding: oneOf('arrow', 'text') });

const runState: Reader<RunState> = oneOf(
  'waiting',
  'running',
  'cancelling',
  'done',
  'failed',
  'cancelled',
);

/** Optional fields of the protocol are absent or present, never undefined: `object` drops them. */
type Loose<T> = { [K in keyof T]: T[K] | undefined };

const shownError = object<Loose<ShownError>>({
  code: optional(wholeNumber),
  name: text,
  message: text,
  hint: optional(text),
}) as Reader<ShownError>;

const shownAction = object<ShownAction>({ id: text, title: text });

const zoneTable = object<ZoneTable>({
  name: text,
  starts: list(wholeNumber),
  offsets: list(wholeNumber),
});

const viewSpec = object<Loose<ViewSpec>>({
  sort: list(object<SortKey>({ column: count, direction: oneOf('ascending', 'descending') })),
  filters: list(
    object<ColumnFilter>({
      column: count,
      operator: oneOf(...FILTER_OPERATORS),
      values: list(text),
    }),
  ),
  search: optional(object<CellSearch>({ text, matchCase: flag })),
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
  saving: optional(text),
  view: optional(viewSnapshot),
  actions: list(shownAction),
  timeZone: text,
  zones: optional(list(zoneTable)),
  queryId: text,
}) as Reader<ResultSnapshot>;

const tab = object<ResultTab>({
  id: text,
  title: text,
  source: text,
  state: runState,
  complete: flag,
  kind: oneOf('rows', 'message'),
  pinned: flag,
});

const cutCell = object<CutCell>({ row: count, column: count });

const copyBlock = object<CopyBlock>({
  rows: list(object<{ first: number; last: number }>({ first: count, last: count })),
  columns: list(count),
});

type Messages<M extends { type: string }> = {
  [K in M['type']]: Fields<Loose<Omit<Extract<M, { type: K }>, 'type'>>>;
};

const hostMessages: Messages<HostMessage> = {
  show: {
    result: (value, at) => (value === null ? null : snapshot(value, at)),
    tabs: optional(list(tab)),
  },
  window: { requestId: count, firstRow: count, ipc: bytes, cut: optional(list(cutCell)) },
  failed: { requestId: count, message: text },
  copying: { requestId: count, cells: count },
  copied: { requestId: count, cells: count, tooLarge: flag },
  copyCells: { format: oneOf(...COPY_FORMATS), header: flag },
  columns: { command: oneOf(...COLUMN_COMMANDS), columns: optional(list(count)) },
  resetColumns: {},
  autosizeColumns: {},
  chooseColumns: {},
  showTimes: { display: oneOf(...TIME_DISPLAYS) },
  toggleStatistics: {},
  inspect: {},
  focus: {},
};

const webviewMessages: Messages<WebviewMessage> = {
  ready: {},
  window: {
    requestId: count,
    resultId: text,
    firstRow: count,
    rows: count,
    columns: list(count),
    whole: optional(flag),
    view: optional(text),
  },
  abandon: { requestId: count },
  cancel: { resultId: text },
  saveAs: { resultId: text },
  cancelSave: { resultId: text },
  selectTab: { resultId: text },
  closeTab: { resultId: text },
  pin: { resultId: text, pinned: flag },
  openInEditor: { resultId: text },
  statistics: { resultId: text },
  action: { resultId: text, action: text },
  copyAs: {
    requestId: count,
    resultId: text,
    format: oneOf(...COPY_FORMATS),
    header: flag,
    blocks: list(copyBlock),
    view: optional(text),
  },
  view: { resultId: text, view: viewSpec },
  cancelView: { resultId: text },
  pickColumns: { resultId: text, shown: list(count) },
};

function check<M extends { type: string }>(messages: Messages<M>, value: unknown): Checked<M> {
  try {
    const { type } = object<{ type: string }>({ type: text })(value, 'message');
    const fields = new Map<string, Fields<object>>(Object.entries(messages)).get(type);
    if (fields === undefined) return { ok: false, problem: `unknown message type ${type}` };
    return { ok: true, message: { type, ...object(fields)(value, type) } as M };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

/** Checks what the webview received. Never throws; a message of the wrong shape must be dropped and logged. */
export function checkHostMessage(value: unknown): Checked<HostMessage> {
  return check<HostMessage>(hostMessages, value);
}

/** Checks what the host received: the page is less trusted than the host, nothing of it is used unchecked. */
export function checkWebviewMessage(value: unknown): Checked<WebviewMessage> {
  return check<WebviewMessage>(webviewMessages, value);
}
