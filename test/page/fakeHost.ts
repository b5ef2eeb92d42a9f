import type {
  HostMessage,
  ResultSnapshot,
  ResultTab,
  WebviewMessage,
} from '../../src/shared/protocol.ts';
import { fakeColumn, fakeWindow, type FakeKind } from './fakeData.ts';

type ChartReply =
  | Omit<Extract<HostMessage, { type: 'chart' }>, 'requestId'>
  | Omit<Extract<HostMessage, { type: 'noChart' }>, 'requestId'>;

/** Runs inside the page, before its own script: stands in for the extension host. */
export interface FakeHost {
  /** Every message of the page but its window requests. */
  sent: WebviewMessage[];
  windows: Extract<WebviewMessage, { type: 'window' }>[];
  violations: string[];
  kinds: { name: string; kind: FakeKind }[];
  /** ms before a window is answered; negative: never. */
  delay: number;
  /** Answers windows with this error instead. */
  problem: string;
  /** At most so many rows per answer. */
  maxRows: number;
  /** Cells after which a copy goes on only when it is told to by `finishCopy`; it says how far it is. */
  copyStopsAt: number;
  /** Answers `find` and `columnStatistics` with these, without a request id. */
  answers: { find?: unknown; columnStatistics?: unknown };
  finishCopy(): void;
  /** Answers every window with the rows of the first one of its shape: costs the page nothing to make. */
  reuse: boolean;
  /** Answers every request for a chart; undefined: never. */
  chart: ChartReply | undefined;
  state: unknown;
  define(columns: { name: string; kind: FakeKind }[]): void;
  show(part: Partial<ResultSnapshot> | null, tabs?: ResultTab[]): void;
  /** Sends the first rows of a result before it is shown. */
  sendFirstRows(columns: { name: string; kind: FakeKind }[], rows: number): void;
  post(message: unknown): void;
}

declare global {
  interface Window {
    fakeHost: FakeHost;
    acquireVsCodeApi: () => {
      postMessage(message: WebviewMessage): void;
      getState(): unknown;
      setState(state: unknown): void;
    };
  }
}

const base: ResultSnapshot = {
  id: 'r1',
  title: 'SELECT * FROM flights',
  source: 'tour.sql',
  connection: 'Local ClickHouse',
  state: 'done',
  columns: [],
  rows: 0,
  bytes: 0,
  elapsedMs: 1234,
  complete: true,
  actions: [],
  timeZone: 'Europe/Berlin',
  queryId: 'b6a9-1',
};

const host: FakeHost = {
  sent: [],
  windows: [],
  violations: [],
  kinds: [],
  delay: 0,
  problem: '',
  maxRows: Infinity,
  copyStopsAt: Infinity,
  answers: {},
  finishCopy() {
    finish();
  },
  reuse: false,
  chart: undefined,
  state: undefined,
  define(columns) {
    host.kinds = columns;
  },
  show(part, tabs) {
    const columns = host.kinds.map(({ name, kind }) => fakeColumn(name, kind));
    const result = part && { ...base, columns, ...part };
    host.post({ type: 'show', result, ...(tabs && { tabs }) });
  },
  sendFirstRows(defined, rows) {
    host.define(defined);
    const columns = defined.map((_, i) => i);
    const ipc = windowBytes(defined, 0, rows, false);
    host.post({ type: 'firstRows', resultId: base.id, rows, columns, ipc });
  },
  post(message) {
    window.postMessage(message, '*');
  },
};

const made = new Map<string, Uint8Array>();

function windowBytes(
  asked: FakeHost['kinds'],
  firstRow: number,
  rows: number,
  whole: boolean,
): Uint8Array {
  // Batches of the spool do not end where windows do.
  if (!host.reuse) return fakeWindow(asked, firstRow, rows, { cut: Math.ceil(rows / 3), whole });
  const shape = `${rows} ${asked.map(({ kind }) => kind).join()}`;
  const bytes = made.get(shape) ?? fakeWindow(asked, firstRow, rows);
  made.set(shape, bytes);
  return bytes;
}

function answer(request: Extract<WebviewMessage, { type: 'window' }>): HostMessage {
  const { requestId, firstRow, columns } = request;
  if (host.problem !== '') return { type: 'failed', requestId, message: host.problem };
  const asked = columns.flatMap((i) => host.kinds[i] ?? []);
  const rows = Math.min(host.maxRows, request.rows);
  const ipc = windowBytes(asked, firstRow, rows, request.whole === true);
  return { type: 'window', requestId, firstRow, ipc };
}

let finish = (): void => undefined;

function copy(request: Extract<WebviewMessage, { type: 'copyAs' }>): void {
  const { requestId, blocks } = request;
  const cells = blocks.reduce(
    (sum, { rows, columns }) =>
      sum + columns.length * rows.reduce((n, { first, last }) => n + last - first + 1, 0),
    0,
  );
  finish = () => {
    if (host.problem !== '') host.post({ type: 'failed', requestId, message: host.problem });
    else host.post({ type: 'copied', requestId, cells, tooLarge: false });
  };
  if (cells <= host.copyStopsAt) finish();
  else {
    setTimeout(() => {
      host.post({ type: 'copying', requestId, cells: host.copyStopsAt });
    }, 400);
  }
}

window.fakeHost = host;
window.acquireVsCodeApi = () => ({
  postMessage(message) {
    if (message.type !== 'window') {
      host.sent.push(message);
      if (message.type === 'copyAs') copy(message);
      if (message.type === 'find' || message.type === 'columnStatistics') {
        const { requestId } = message;
        host.post({ requestId, ...(host.answers[message.type] as object | undefined) });
      }
      if (message.type === 'chart' && host.chart) {
        host.post({ ...host.chart, requestId: message.requestId });
      }
      return;
    }
    host.windows.push(message);
    if (host.delay < 0) return;
    if (host.delay === 0) host.post(answer(message));
    else
      setTimeout(() => {
        host.post(answer(message));
      }, host.delay);
  },
  getState: () => host.state,
  setState: (state) => {
    host.state = state;
  },
});

document.addEventListener('securitypolicyviolation', (event) => {
  host.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
