import assert from 'node:assert/strict';
import { copyRange, type ReadRows } from '../../../webview/grid/copyRange.ts';
import type { Cell } from '../../../webview/grid/frame.ts';

const never = new AbortController().signal;

function reader(at: (row: number, column: number) => Partial<Cell>, maxRows = Infinity) {
  const asked: [number, number][] = [];
  const read: ReadRows = (firstRow, rows, columns) => {
    asked.push([firstRow, rows]);
    return Promise.resolve({
      rows: Math.min(rows, maxRows),
      readers: columns.map((column) => (row: number) => ({
        text: '',
        isNull: false,
        ...at(firstRow + row, column),
      })),
    });
  };
  return { read, asked };
}

const range = (firstRow: number, lastRow: number, firstColumn: number, lastColumn: number) => ({
  firstRow,
  lastRow,
  firstColumn,
  lastColumn,
});

describe('copying', () => {
  it('joins cells by tabs and rows by line feeds', async () => {
    const { read } = reader((row, column) => ({ text: `${row}.${column}` }));
    const copied = await copyRange(range(7, 8, 2, 4), read, never);
    assert.deepEqual(copied, { kind: 'text', text: '7.2\t7.3\t7.4\n8.2\t8.3\t8.4', cells: 6 });
  });

  it('copies a single cell as it is, and quotes only what would fall apart among several', async () => {
    const text = 'a\t"b"\nc';
    const { read } = reader((_, column) => ({ text: column === 0 ? text : 'say "x" \\n' }));
    assert.deepEqual(await copyRange(range(0, 0, 0, 0), read, never), {
      kind: 'text',
      text,
      cells: 1,
    });
    const two = await copyRange(range(0, 0, 0, 1), read, never);
    assert.equal(two.kind === 'text' && two.text, '"a\t""b""\nc"\tsay "x" \\n');
  });

  it('reads on where the host stopped early', async () => {
    const { read, asked } = reader((row) => ({ text: String(row) }), 4);
    const copied = await copyRange(range(0, 9, 0, 0), read, never);
    assert.equal(copied.kind === 'text' && copied.text, '0\n1\n2\n3\n4\n5\n6\n7\n8\n9');
    assert.deepEqual(asked, [
      [0, 10],
      [4, 6],
      [8, 2],
    ]);
  });

  it('reads in bounded windows', async () => {
    const { read, asked } = reader((row) => ({ text: String(row) }));
    const copied = await copyRange(range(0, 49_999, 0, 1), read, never);
    assert.equal(copied.kind === 'text' && copied.cells, 100_000);
    assert.ok(asked.every(([, rows]) => rows * 2 <= 16_384));
  });

  it('leaves more than 100,000 cells to a file and reads nothing', async () => {
    const { read, asked } = reader(() => ({}));
    assert.deepEqual(await copyRange(range(0, 99_999_999, 0, 19), read, never), {
      kind: 'tooLarge',
    });
    assert.deepEqual(asked, []);
  });

  it('copies nothing rather than a column it could not read', async () => {
    const { read } = reader((_, column) => (column === 1 ? { problem: 'No rule.' } : {}));
    await assert.rejects(copyRange(range(0, 3, 0, 1), read, never), /No rule/);
  });

  it('does not go round for ever when rows are missing', async () => {
    const { read } = reader(() => ({}), 0);
    await assert.rejects(copyRange(range(0, 3, 0, 1), read, never), /could not be read/);
  });
});
