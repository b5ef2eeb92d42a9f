import assert from 'node:assert/strict';
import { TextRows, type TextLayout } from '../../../src/core/arrow/spool/textRows.ts';
import { concat } from '../../../src/core/arrow/encode.ts';
import { openWindow } from './windowCells.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function cellsOf(rows: TextRows, stream: Uint8Array): string[][] {
  const columns = rows.columns ?? [];
  const cells = openWindow(stream, columns, { timeZone: 'UTC' });
  return Array.from({ length: cells.rows }, (_, row) =>
    columns.map((_column, i) => {
      const cell = cells.cell(row, i);
      return cell.isNull ? 'is null' : cell.text;
    }),
  );
}

function read(
  layout: TextLayout,
  chunks: readonly Uint8Array[],
): { rows: TextRows; cells: string[][] } {
  const rows = new TextRows(layout);
  const parts = chunks.map((chunk) => rows.push(chunk));
  parts.push(rows.end());
  return { rows, cells: cellsOf(rows, concat(parts)) };
}

describe('TextRows', () => {
  const TSV = bytes(
    "a\\tb\tn\nString\tArray(String)\nx\\ty\\\\\\'\t['q\\'','\\\\N']\n\\N\t[]\n\tnaïve\n\\\\N\t\\0\n",
  );
  const CELLS = [
    ["x\ty\\'", "['q\\'','\\\\N']"],
    ['is null', '[]'],
    ['', 'naïve'],
    ['\\N', '\0'],
  ];

  it('reads names, types, values and nulls of TSVWithNamesAndTypes', () => {
    const { rows, cells } = read({ kind: 'tsv' }, [TSV]);
    assert.deepEqual(rows.columns, [
      { name: 'a\tb', type: 'String', encoding: 'text' },
      { name: 'n', type: 'Array(String)', encoding: 'text' },
    ]);
    assert.deepEqual(cells, CELLS);
  });

  it('reads the same from chunks cut at any byte', () => {
    for (let at = 0; at <= TSV.length; at++) {
      const { cells } = read({ kind: 'tsv' }, [TSV.subarray(0, at), TSV.subarray(at)]);
      assert.deepEqual(cells, CELLS, `at ${at}`);
    }
    const single = Array.from(TSV, (byte) => Uint8Array.of(byte));
    assert.deepEqual(read({ kind: 'tsv' }, single).cells, CELLS);
  });

  it('takes lines that end in CR LF', () => {
    assert.deepEqual(read({ kind: 'tsv' }, [bytes('a\r\nString\r\nx\r\n')]).cells, [['x']]);
  });

  it('tells totals and extremes from rows, whatever the chunks', () => {
    const head = 'k\tc\nNullable(String)\tUInt64\n';
    const rows = 'a\t1\n\t2\n';
    for (const [tail, beside] of [
      ['', []],
      ['\n\\N\t3\n', [{ kind: 'totals', texts: [null, '3'] }]],
      [
        '\na\\tb\t1\nb\t2\n',
        [
          { kind: 'minimum', texts: ['a\tb', '1'] },
          { kind: 'maximum', texts: ['b', '2'] },
        ],
      ],
      [
        '\n\t3\n\na\t1\nb\t2\n',
        [
          { kind: 'totals', texts: ['', '3'] },
          { kind: 'minimum', texts: ['a', '1'] },
          { kind: 'maximum', texts: ['b', '2'] },
        ],
      ],
    ] as const) {
      const whole = bytes(head + rows + tail);
      for (let at = 0; at <= whole.length; at++) {
        const result = read({ kind: 'tsv' }, [whole.subarray(0, at), whole.subarray(at)]);
        assert.deepEqual(result.rows.beside, beside, `at ${at}`);
        assert.deepEqual(result.cells, [
          ['a', '1'],
          ['', '2'],
        ]);
      }
    }
  });

  it('tells totals from empty texts in CSV, whatever the chunks', () => {
    const csv = '"k""s"\n"Nullable(String)"\n""\n\\N\n"a""b\t\n\n\\N\'"\r\n""\n\n""\n\n""\n"z"\n';
    const whole = bytes(csv);
    for (let at = 0; at <= whole.length; at++) {
      const { rows, cells } = read({ kind: 'csv' }, [whole.subarray(0, at), whole.subarray(at)]);
      assert.equal(rows.columns?.[0]?.name, 'k"s');
      assert.deepEqual(cells, [[''], ['is null'], ['a"b\t\n\n\\N\''], ['']]);
      assert.deepEqual(
        rows.beside.map(({ kind, texts }) => [kind, ...texts]),
        [
          ['totals', ''],
          ['minimum', ''],
          ['maximum', 'z'],
        ],
      );
    }
  });

  it('keeps no more of a long total than a page can take', () => {
    const long = 'x'.repeat(1_000_000);
    const { rows } = read({ kind: 'tsv' }, [bytes(`k\tc\nString\tUInt8\na\t1\n\n${long}\t1\n`)]);
    assert.deepEqual(rows.beside[0]?.texts, [`${long.slice(0, 10_000)}…`, '1']);
  });

  it('loses no line behind an empty one that is not what it looks like', () => {
    const columns = (text: string): string[] =>
      read({ kind: 'tsv' }, [bytes(text)]).cells.map(([first = '']) => first);
    assert.deepEqual(columns('k\tc\nString\tUInt8\n\na\t1\nb\t1\nc\t1\n'), ['', 'a', 'b', 'c']);
    // An empty text is a row like any other.
    assert.deepEqual(columns('k\nString\n\na\n'), ['', 'a']);
  });

  it('shows another format as its lines, the last one without a line end too', () => {
    const { rows, cells } = read({ kind: 'lines', name: 'JSONEachRow' }, [
      bytes('{"a":"\\t"}\n{"a":\t2}'),
    ]);
    assert.equal(rows.columns?.[0]?.name, 'JSONEachRow');
    assert.deepEqual(cells, [['{"a":"\\t"}'], ['{"a":\t2}']]);
  });

  it('makes no columns of an empty reply', () => {
    for (const layout of [{ kind: 'tsv' }, { kind: 'lines', name: 'JSON' }] as const) {
      const { rows, cells } = read(layout, []);
      assert.deepEqual(rows.columns, []);
      assert.deepEqual(cells, []);
    }
  });

  it('leaves out a row that was cut in the middle', () => {
    const rows = new TextRows({ kind: 'tsv' });
    const stream = concat([rows.push(bytes('a\nString\nwhole\nhal')), rows.rest()]);
    assert.deepEqual(cellsOf(rows, stream), [['whole']]);
  });

  it('splits many rows into batches', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join('');
    const { cells } = read({ kind: 'tsv' }, [bytes(`n\nUInt64\n${lines}`)]);
    assert.equal(cells.length, 20_000);
    assert.deepEqual(cells[19_999], ['19999']);
  });
});
