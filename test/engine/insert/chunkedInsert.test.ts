import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import {
  type FileReport,
  insertMany,
  type InsertManyOptions,
} from '../../../src/core/transfer/insertMany.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

const ROWS = 20_000;
/** About ten chunks. */
const LIMITS = { bytes: 1_000_000, rows: 2_000 };
const WINDOW = 'SETTINGS non_replicated_deduplication_window = 100';

describe('an insert that can be repeated', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());
  beforeEach(() => make(`MergeTree PARTITION BY a % 3 ORDER BY a ${WINDOW}`));

  async function make(clause: string): Promise<void> {
    await client.command('DROP TABLE IF EXISTS target SYNC');
    await client.command(`CREATE TABLE target (a UInt32, b String) ENGINE = ${clause}`);
  }
  async function file(name: string, content: string | Uint8Array) {
    const path = join(folder(), name);
    await writeFile(path, content);
    return { path, bytes: Buffer.byteLength(content) };
  }
  /** Values with line ends, quotes and backslashes. */
  const csv = (last = '', rows = ROWS): string =>
    `a,b\n${Array.from({ length: rows }, (_, row) => `${String(row)},"x\n""${String(row)}\\"\n`).join('')}${last}`;
  async function insert(
    source: { path: string; bytes: number },
    options: Partial<InsertManyOptions> = {},
  ): Promise<FileReport> {
    const [report] = await insertMany(client, {
      table: 'target',
      files: [source],
      onError: 'stop',
      mode: 'chunked',
      chunkLimits: LIMITS,
      ...options,
    });
    assert.ok(report);
    return report;
  }
  async function count(): Promise<number> {
    return Number((await client.rawQuery('SELECT count() FROM target')).text());
  }
  async function content(): Promise<string> {
    const sql =
      "SELECT count(), sum(a), countIf(b != concat('x\\n\"', toString(a), '\\\\')) FROM target";
    return (await client.rawQuery(sql)).text().trim();
  }
  const WHOLE = `${String(ROWS)}\t${String((ROWS * (ROWS - 1)) / 2)}\t0`;

  it('adds nothing twice, and says how much was there', async () => {
    const source = await file('rows.csv', csv());
    const first = await insert(source);
    assert.equal(first.state, 'inserted', String(first.error));
    assert.match(first.note ?? '', /^Sent in 10 pieces\. Repeated, it adds nothing twice\.$/);
    assert.deepEqual([first.rows.atLeast, first.rows.atMost], [ROWS, ROWS]);
    assert.equal(await content(), WHOLE);
    const again = await insert(source);
    assert.equal(again.state, 'inserted');
    assert.match(again.note ?? '', /20000 of its rows were in the table already/);
    assert.equal(await content(), WHOLE);
    // Another file is other rows, though it begins alike.
    await insert(await file('other.csv', csv('1,more\n')));
    assert.equal(await count(), 2 * ROWS + 1);
  });

  it('adds what is missing after it was cancelled', async () => {
    const source = await file('rows.csv', csv());
    const abort = new AbortController();
    const cancelled = await insert(source, {
      signal: abort.signal,
      onProgress: (_, __, { bytes }) => {
        if (bytes > 100_000) abort.abort();
      },
    });
    assert.equal(cancelled.state, 'cancelled');
    const real = await count();
    assert.ok(real > 0 && real < ROWS, String(real));
    assert.ok(cancelled.rows.atLeast <= real && real <= (cancelled.rows.atMost ?? -1));
    const again = await insert(source);
    assert.equal(again.state, 'inserted');
    assert.equal(await content(), WHOLE);
  });

  it('keeps the pieces before a bad row, and says how many rows they are', async () => {
    const report = await insert(await file('bad.csv', csv('bad,x\n')));
    assert.equal(report.state, 'failed');
    assert.equal(await count(), ROWS);
    assert.ok(report.rows.atLeast <= ROWS && ROWS <= (report.rows.atMost ?? -1));
    assert.ok(report.rows.atLeast >= ROWS - LIMITS.rows, String(report.rows.atLeast));
  });

  for (const [clause, window, note] of [
    ['', 11, 'Repeated, it adds nothing twice.'],
    [
      '',
      10,
      'Repeated, it may add rows twice: the table remembers only the last 10 blocks of rows.',
    ],
    ['PARTITION BY a % 3', 33, 'Repeated, it adds nothing twice.'],
    [
      'PARTITION BY a % 3',
      32,
      'Repeated, it may add rows twice: the table remembers only the last 32 blocks of rows.',
    ],
  ] as const) {
    it(`promises a harmless repeat only where it is sure: ${clause} ${String(window)}`, async () => {
      await make(
        `MergeTree ${clause} ORDER BY a SETTINGS non_replicated_deduplication_window = ${String(window)}`,
      );
      const report = await insert(await file('bad.csv.gz', gzipSync(csv('bad,x\n'))));
      assert.equal(report.state, 'failed');
      assert.equal(report.note, note);
    });
  }

  it('counts the rows of a JSON array', async () => {
    const text = '[{"a":1,"b":"x"},\n{"a":2,"b":"y"}]\n{"a":"bad"}\n';
    const limits = { bytes: 10, rows: 1 };
    const report = await insert(await file('array.jsonl', text), { chunkLimits: limits });
    assert.equal(report.state, 'failed');
    assert.equal(await count(), 2);
    // The bad row of the last piece is one at most.
    assert.deepEqual([report.rows.atLeast, report.rows.atMost], [2, 3]);
  });

  for (const [name, pack] of [
    ['gz', gzipSync],
    ['zst', zstdCompressSync],
  ] as const) {
    it(`unpacks .${name}, also one of several parts`, async () => {
      const [start, end] = [csv().slice(0, 200_000), csv().slice(200_000)];
      const source = await file(`rows.csv.${name}`, Buffer.concat([pack(start), pack(end)]));
      const first = await insert(source);
      assert.equal(first.state, 'inserted', String(first.error));
      await insert(source);
      assert.equal(await content(), WHOLE);
    });

    it(`does not take a .${name} that breaks off as whole`, async () => {
      const source = await file(`rows.csv.${name}`, pack(csv()));
      await truncate(source.path, source.bytes - 5);
      const report = await insert({ ...source, bytes: source.bytes - 5 });
      assert.equal(report.state, 'failed');
      const real = await count();
      assert.ok(report.rows.atLeast <= real && real <= (report.rows.atMost ?? -1));
    });
  }

  it('works without a header, and for other formats whose rows can be found', async () => {
    const sql = `SELECT toUInt32(number) AS a, concat('x\\n"', toString(number), '\\\\') AS b FROM numbers(${String(ROWS)})`;
    for (const [name, format] of [
      ['bare.csv', 'CSV'],
      ['bare.tsv', 'TSV'],
      ['names.tsv', 'TSVWithNames'],
      ['rows.jsonl', 'JSONEachRow'],
    ] as const) {
      await make(`MergeTree ORDER BY a ${WINDOW}`);
      const path = join(folder(), name);
      const { bytes } = await client.saveTo(sql, path, { format, overwrite: true });
      for (let turn = 0; turn < 2; turn += 1) {
        const report = await insert({ path, bytes });
        assert.equal(report.state, 'inserted', `${format}: ${String(report.error)}`);
      }
      assert.equal(await content(), WHOLE, format);
    }
  });

  it('is compressed on the way like any other', async () => {
    const report = await insert(await file('rows.csv', csv()), { compression: 'zstd' });
    assert.equal(report.state, 'inserted', String(report.error));
    assert.equal(await content(), WHOLE);
  });

  const refused: [string, string, string, RegExp][] = [
    ['a table without a window', 'MergeTree ORDER BY a', 'a,b\n1,x\n', /MODIFY SETTING non_replic/],
    [
      'a table that remembers too little',
      'MergeTree ORDER BY a SETTINGS non_replicated_deduplication_window = 3',
      csv('', 200_000),
      /remembers 3 inserts.*MODIFY SETTING/s,
    ],
    ['an engine that remembers nothing', 'Memory', 'a,b\n1,x\n', /engine Memory/],
  ];
  for (const [what, clause, text, reason] of refused) {
    it(`is refused for ${what}`, async () => {
      await make(clause);
      const report = await insert(await file('rows.csv', text));
      assert.equal(report.state, 'failed');
      const { message, hint } = report.error as Error & { hint?: string };
      assert.match(`${message} ${hint ?? ''}`, reason);
      assert.equal(await count(), 0);
    });
  }

  it('does what it advises', async () => {
    await make('MergeTree ORDER BY a');
    const source = await file('rows.csv', csv());
    const { error } = await insert(source);
    const sql = /Run: (ALTER .*)$/.exec((error as { hint?: string }).hint ?? '')?.[1] ?? '';
    await client.command(sql);
    await insert(source);
    await insert(source);
    assert.equal(await content(), WHOLE);
  });

  it('is refused for binary formats', async () => {
    const path = join(folder(), 'rows.parquet');
    const { bytes } = await client.saveTo("SELECT toUInt32(1) AS a, 'x' AS b", path, {
      format: 'Parquet',
    });
    const report = await insert({ path, bytes });
    assert.match(String(report.error), /Parquet file cannot be cut/);
    assert.equal(await count(), 0);
  });
});
