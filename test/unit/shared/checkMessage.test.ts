import assert from 'node:assert/strict';
import { checkHostMessage, checkWebviewMessage } from '../../../src/shared/checkMessage.ts';
import type {
  HostMessage,
  ResultSnapshot,
  ResultTab,
  WebviewMessage,
} from '../../../src/shared/protocol.ts';

const snapshot: ResultSnapshot = {
  id: 'r1',
  title: 'SELECT 1',
  source: 'a.sql',
  connection: 'Local ClickHouse',
  state: 'failed',
  columns: [{ name: 'a', type: 'UInt8', encoding: 'arrow' }],
  rows: 100_000_000,
  bytes: 12,
  progress: {
    readRows: 3,
    readBytes: 24,
    totalRows: 4,
    writtenRows: 0,
    memoryBytes: 1_000,
    threads: 2,
    rowsPerSecond: 1.5,
    bytesPerSecond: 12,
    leftMs: 667,
  },
  elapsedMs: 1.5,
  complete: false,
  message: 'Ok.',
  error: { code: 60, name: 'UNKNOWN_TABLE', message: 'No.', hint: 'Look.' },
  saving: 'Saving x.csv: 12 MB',
  actions: [{ id: 'a', title: 'Do' }],
  limit: 'First 3 rows, more available.',
  timeZone: 'UTC',
  zones: [{ name: 'Europe/Amsterdam', starts: [-2_208_988_800, 0], offsets: [1_172, 3_600] }],
  queryId: 'q',
};

const tab: ResultTab = {
  id: 'r1',
  title: 'SELECT 1',
  source: 'a.sql',
  state: 'done',
  complete: true,
  kind: 'rows',
  pinned: false,
};

const hostMessages: HostMessage[] = [
  { type: 'show', result: null },
  { type: 'show', result: snapshot },
  { type: 'show', result: snapshot, tabs: [tab, { ...tab, id: 'r2', kind: 'message' }] },
  { type: 'window', requestId: 1, firstRow: 5, ipc: new Uint8Array([1, 2]) },
  {
    type: 'window',
    requestId: 1,
    firstRow: 5,
    ipc: new Uint8Array(1),
    cut: [{ row: 6, column: 0 }],
  },
  { type: 'failed', requestId: 1, message: 'gone' },
  { type: 'goToRow', row: 99_999_999 },
];

const webviewMessages: WebviewMessage[] = [
  { type: 'ready' },
  { type: 'window', requestId: 1, resultId: 'r', firstRow: 0, rows: 10, columns: [0, 4_999] },
  {
    type: 'window',
    requestId: 1,
    resultId: 'r',
    firstRow: 0,
    rows: 10,
    columns: [],
    whole: true,
  },
  { type: 'abandon', requestId: 1 },
  { type: 'selectTab', resultId: 'r' },
  { type: 'closeTab', resultId: 'r' },
  { type: 'pin', resultId: 'r', pinned: false },
  { type: 'openInEditor', resultId: 'r' },
  { type: 'cancel', resultId: 'r' },
  { type: 'saveAs', resultId: 'r' },
  { type: 'cancelSave', resultId: 'r' },
  { type: 'action', resultId: 'r', action: 'a' },
];

describe('messages between host and page', () => {
  it('passes every message of the protocol unchanged', () => {
    for (const message of hostMessages) {
      assert.deepEqual(checkHostMessage(structuredClone(message)), { ok: true, message });
    }
    for (const message of webviewMessages) {
      assert.deepEqual(checkWebviewMessage(structuredClone(message)), { ok: true, message });
    }
  });

  it('keeps optional fields absent', () => {
    const { error, message, progress, ...rest } = snapshot;
    assert.ok(error && message && progress);
    assert.deepEqual(checkHostMessage({ type: 'show', result: rest }), {
      ok: true,
      message: { type: 'show', result: rest },
    });
  });

  it('drops fields that are not of the protocol', () => {
    const checked = checkWebviewMessage({ type: 'ready', extra: 1 });
    assert.deepEqual(checked, { ok: true, message: { type: 'ready' } });
  });

  const bad: [unknown, RegExp][] = [
    [undefined, /message: expected an object/],
    ['ready', /message: expected an object/],
    [{ type: 'nonsense' }, /unknown message type nonsense/],
    [{ type: 'constructor' }, /unknown message type constructor/],
    [{ type: 'cancel' }, /cancel\.resultId: expected a text/],
    [
      { type: 'window', requestId: 1, resultId: 'r', firstRow: -1, rows: 1, columns: [] },
      /firstRow/,
    ],
    [
      { type: 'window', requestId: 1, resultId: 'r', firstRow: 0.5, rows: 1, columns: [] },
      /firstRow/,
    ],
    [
      { type: 'window', requestId: NaN, resultId: 'r', firstRow: 0, rows: 1, columns: [] },
      /requestId/,
    ],
    [
      { type: 'window', requestId: 1, resultId: 'r', firstRow: 0, rows: 1, columns: '0' },
      /columns/,
    ],
    [
      { type: 'window', requestId: 1, resultId: 'r', firstRow: 0, rows: 1, columns: [0, '1'] },
      /columns\[1\]/,
    ],
  ];
  it('says what is wrong with a message of the page', () => {
    for (const [value, problem] of bad) {
      const checked = checkWebviewMessage(value);
      assert.ok(!checked.ok);
      assert.match(checked.problem, problem);
    }
  });

  it('says what is wrong with a message of the host', () => {
    const cases: [unknown, RegExp][] = [
      [
        { type: 'window', requestId: 1, firstRow: 0, rows: 1, ipc: { type: 'Buffer', data: [1] } },
        /bytes/,
      ],
      [{ type: 'show' }, /show\.result: expected an object/],
      [{ type: 'show', result: { ...snapshot, state: 'ready' } }, /state: expected one of waiting/],
      [{ type: 'show', result: { ...snapshot, rows: '3' } }, /result\.rows/],
      [{ type: 'show', result: { ...snapshot, columns: [{ name: 'a' }] } }, /columns\[0\]\.type/],
      [{ type: 'show', result: { ...snapshot, error: { name: 'X' } } }, /error\.message/],
    ];
    for (const [value, problem] of cases) {
      const checked = checkHostMessage(value);
      assert.ok(!checked.ok);
      assert.match(checked.problem, problem);
    }
  });
});
