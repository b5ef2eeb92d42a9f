import assert from 'node:assert/strict';
import { rowChunks, type RowChunk } from '../../../src/core/transfer/insert/rowChunks.ts';

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const memory = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    const length = bytes.copy(memory, 0, at, at + size);
    yield memory.subarray(0, length);
  }
}

async function cut(
  format: string,
  text: string,
  limits: { bytes: number; rows: number },
  size = 1_000,
  delimiter?: string,
): Promise<RowChunk[]> {
  const chunks: RowChunk[] = [];
  for await (const chunk of rowChunks(pieces(text, size), format, { limits, delimiter })) {
    chunks.push(chunk);
  }
  return chunks;
}

const texts = (chunks: readonly RowChunk[]): string[] =>
  chunks.map(({ bytes }) => Buffer.from(bytes).toString());
const ONE_ROW = { bytes: 1_000, rows: 1 };

describe('row chunks', () => {
  const cases: [what: string, format: string, rows: string[], delimiter?: string][] = [
    ['line ends in quotes', 'CSV', ['1,"a\nb"\n', '2,"c\r\n""d"\n', '"\n",3\n']],
    ['doubled quotes at the ends of values', 'CSV', ['"a""",1\n', '"""a",2\n', '"",3\n']],
    ['quotes inside plain values', 'CSV', ['5" pipe,1\n', 'x ""y,2\n']],
    ['spaces before quotes', 'CSV', ['1, "a\nb"\n', '2,\t"c\nd"\n']],
    ['another delimiter', 'CSV', ['1;"a\nb"\n', 'x,"y;2\n', '"c\nd";3\n'], ';'],
    ['Windows line ends', 'CSV', ['1,a\r\n', '2,b\r\n']],
    ['escaped line ends', 'TSV', ['1\ta\\\nb\n', '2\tc\\\\\n', '3\td\n']],
    ['quotes in TSV', 'TSV', ['1\t"a\n', '2\tb"\n']],
    ['objects over several lines', 'JSONEachRow', ['{"a":\n1}\n', '{"b":"}\\"\n"}\n']],
    ['arrays over several lines', 'JSONCompactEachRow', ['[1,\n[2]]\n', '["]",3]\n']],
  ];
  for (const [what, format, rows, delimiter] of cases) {
    it(`end where rows end: ${what}`, async () => {
      for (const size of [1, 2, 3, 1_000]) {
        const chunks = await cut(format, rows.join(''), ONE_ROW, size, delimiter);
        assert.deepEqual(texts(chunks), rows, `pieces of ${String(size)}`);
        assert.ok(chunks.every((chunk) => chunk.rows === 1));
      }
    });
  }

  it('repeat the header lines, which are not part of the range', async () => {
    const chunks = await cut('TSVWithNamesAndTypes', 'a\nInt8\n1\n2\n3', { bytes: 4, rows: 10 });
    assert.deepEqual(texts(chunks), ['a\nInt8\n1\n2\n', 'a\nInt8\n3']);
    assert.deepEqual(
      chunks.map(({ from, to, rows }) => [from, to, rows]),
      [
        [7, 11, 2],
        [11, 12, 1],
      ],
    );
  });

  it('have as many rows and bytes as allowed', async () => {
    const text = '1234\n'.repeat(100);
    const byBytes = await cut('CSV', text, { bytes: 12, rows: 1_000 }, 7);
    assert.equal(byBytes[0]?.bytes.length, 15);
    const byRows = await cut('CSV', text, { bytes: 1_000, rows: 30 }, 7);
    assert.deepEqual(
      byRows.map(({ rows }) => rows),
      [30, 30, 30, 10],
    );
    assert.equal(texts(byRows).join(''), text);
  });

  it('count objects that share a line', async () => {
    const chunks = await cut('JSONEachRow', '{"a":1}{"a":2}\n{"a":3}', { bytes: 100, rows: 2 });
    assert.deepEqual(
      chunks.map(({ rows }) => rows),
      [2, 1],
    );
  });

  it('count the objects of an array, and arrays where these are rows', async () => {
    const array = '[{"a":[{"b":1}]},\n {"a":[]}\n]\n';
    const all = { bytes: 1_000, rows: 100 };
    for (const size of [1, 3, 1_000]) {
      for (const [format, text, rows] of [
        ['JSONEachRow', array, 2],
        ['JSONEachRow', `{"a":{}}\n${array}{"a":[{}]}\n`, 4],
        ['JSONStringsEachRow', array, 2],
        ['JSONCompactEachRow', '[{"b":1},[{}]]\n[{},[]]\n', 2],
      ] as const) {
        const chunks = await cut(format, text, all, size);
        assert.deepEqual(
          chunks.map((chunk) => chunk.rows),
          [rows],
          text,
        );
      }
    }
  });

  it('are not made of formats that only the server can read', async () => {
    await assert.rejects(cut('Parquet', 'x', ONE_ROW), { kind: 'usage' });
    await assert.rejects(cut('Values', '(1)', ONE_ROW), { kind: 'usage' });
  });
});
