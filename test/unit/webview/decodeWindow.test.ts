import assert from 'node:assert/strict';
import { decodeWindow, WindowError } from '../../../webview/grid/decodeWindow.ts';
import { FIRST_ID, fakeColumn, fakeText, fakeWindow, type FakeKind } from '../../page/fakeData.ts';

const KINDS: FakeKind[] = ['id', 'text', 'nullable', 'float', 'time', 'date', 'server'];
const columns = KINDS.map((kind) => fakeColumn(kind, kind));

function decode(ipc: Uint8Array) {
  return decodeWindow(ipc, columns, { timeZone: 'Europe/Berlin' });
}

describe('decoding a window', () => {
  const ipc = fakeWindow(
    KINDS.map((kind) => ({ name: kind, kind })),
    1_000,
    20,
  );

  it('reads exact texts', () => {
    const { rows, readers } = decode(ipc);
    assert.equal(rows, 20);
    const texts = readers.map((reader) => reader(5).text);
    assert.deepEqual(texts, [
      String(FIRST_ID + 1_005n),
      fakeText(1_005),
      fakeText(1_005),
      '125.625',
      '2023-11-14 23:30:05',
      '2024-10-09',
      'state 1005',
    ]);
  });

  it('tells NULL from the text NULL', () => {
    const { readers } = decode(ipc);
    const [, text, nullable] = readers;
    assert.ok(text && nullable);
    const nulls = Array.from({ length: 20 }, (_, i) => i).filter((row) => nullable(row).isNull);
    assert.deepEqual(nulls, [4, 11, 18]);
    assert.deepEqual({ ...text(11), kind: '' }, { text: 'NULL', isNull: false, kind: '' });
    assert.deepEqual({ ...nullable(11), kind: '' }, { text: 'NULL', isNull: true, kind: '' });
  });

  it('reads a window over two batches of the spool', () => {
    const kinds = [{ name: 'text', kind: 'text' as const }];
    const window = fakeWindow(kinds, 500, 40, { cut: 13 });
    const { rows, readers } = decodeWindow(window, [fakeColumn('text', 'text')], {
      timeZone: 'UTC',
    });
    assert.equal(rows, 40);
    for (const row of [0, 12, 13, 39]) assert.equal(readers[0]?.(row).text, fakeText(500 + row));
  });

  it('reads bytes at an odd offset, as a message may bring them', () => {
    const shifted = new Uint8Array(ipc.length + 3);
    shifted.set(ipc, 3);
    assert.equal(decode(shifted.subarray(3)).readers[0]?.(0).text, String(FIRST_ID + 1_000n));
  });

  it('does not hide the other columns when one cannot be read', () => {
    const [id, text] = columns;
    assert.ok(id && text);
    const wrong = { ...text, type: 'UUID' };
    const { readers } = decodeWindow(
      fakeWindow(
        [
          { name: 'id', kind: 'id' },
          { name: 'text', kind: 'text' },
        ],
        0,
        3,
      ),
      [id, wrong],
      { timeZone: 'UTC' },
    );
    assert.equal(readers[0]?.(0).text, String(FIRST_ID));
    assert.match(readers[1]?.(0).problem ?? '', /UUID/);
    assert.equal(readers[1]?.(0).text, '');
  });

  it('refuses a window with too few columns', () => {
    const narrow = fakeWindow([{ name: 'id', kind: 'id' }], 0, 3);
    assert.throws(() => decode(narrow), WindowError);
  });
});
