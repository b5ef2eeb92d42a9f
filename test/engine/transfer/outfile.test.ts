import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createClient, isFileError, isUsageError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { type IntoOutfile, intoOutfile } from '../../../src/core/sql/intoOutfile.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { planOutfile } from '../../../src/core/transfer/outfile.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { ask } from '../sql/query.ts';

/** What ClickHouse's parser says: 358 is "a fine clause, but not over HTTP", 62 is "no such syntax". */
const TAKEN = [
  "SELECT 1 INTO OUTFILE 'x'",
  "SELECT 1 INTO OUTFILE 'x' AND STDOUT",
  "SELECT 1 INTO OUTFILE 'x' APPEND",
  "SELECT 1 INTO OUTFILE 'x' APPEND TRUNCATE",
  "SELECT 1 INTO OUTFILE 'x' TRUNCATE AND STDOUT COMPRESSION 'gzip' LEVEL 3",
  "SELECT 1 INTO OUTFILE 'x' COMPRESSION 'gzip' LEVEL -3",
  'SELECT 1 INTO OUTFILE $a$x$a$ FORMAT CSV',
  'SELECT 1 INTO OUTFILE ‘x’',
  "SELECT 1 SETTINGS max_threads=1 INTO OUTFILE 'x' FORMAT CSV SETTINGS max_block_size=1",
  "SELECT 1 INTO OUTFILE 'x' SETTINGS max_threads=1 FORMAT CSV",
  "SELECT 1 INTO OUTFILE 'x' SETTINGS max_threads=1",
  "(SELECT 1) INTO OUTFILE 'x'",
  "SELECT 1 UNION ALL SELECT 2 INTO OUTFILE 'x'",
  "WITH 1 AS a SELECT a INTO OUTFILE 'x'",
  "FROM numbers(1) SELECT 1 INTO OUTFILE 'x'",
  "SHOW TABLES INTO OUTFILE 'x'",
  "DESCRIBE TABLE system.one INTO OUTFILE 'x'",
  "EXPLAIN SELECT 1 INTO OUTFILE 'x'",
  "EXISTS TABLE x INTO OUTFILE 'x' FORMAT JSON",
];
const REFUSED = [
  "SELECT 1 INTO OUTFILE 'x' TRUNCATE APPEND",
  "SELECT 1 INTO OUTFILE 'x' AND STDOUT APPEND",
  "SELECT 1 INTO OUTFILE 'x' COMPRESSION 'gzip' LEVEL 3 AND STDOUT",
  "SELECT 1 INTO OUTFILE 'x' COMPRESSION 'gzip' LEVEL '3'",
  "SELECT 1 INTO OUTFILE 'x' LEVEL 3",
  "SELECT 1 INTO OUTFILE 'x' COMPRESSION gzip",
  'SELECT 1 INTO OUTFILE x',
  'SELECT 1 INTO OUTFILE "x"',
  "SELECT 1 INTO OUTFILE 'x' 'y'",
  "SELECT 1 INTO OUTFILE concat('a', 'b')",
  "SELECT 1 FORMAT CSV INTO OUTFILE 'x'",
  "SELECT 1 FORMAT CSV SETTINGS max_threads = 1 INTO OUTFILE 'x'",
  "(SELECT 1 INTO OUTFILE 'x')",
  "SELECT (SELECT 1 INTO OUTFILE 'x')",
];

const ROWS = "SELECT number AS n, concat('a,\"', toString(number)) AS s FROM numbers(3)";
const SUFFIXES =
  `csv tsv tab txt json jsonl ndjson parquet pq arrow arrows feather arrowstream native xml md markdown
  values tskv raw bin bson msgpack messagepack pb protobuf sql sqlinsert html CSV CSVWithNames tsvraw rowbinary vertical
  lineasstring csv.gz tsv.zst jsonl.lz4 csv.xz csv.br csv.brotli csv.deflate csv.GZ foo foo.gz`.split(
    /\s+/,
  );

/** Run one after the other in one folder. */
const STATEMENTS = [
  ...SUFFIXES.map((suffix) => `${ROWS} INTO OUTFILE 'suffix.${suffix}'`),
  `${ROWS} INTO OUTFILE 'nosuffix'`,
  `${ROWS} INTO OUTFILE 'dir.csv/x'`,
  `${ROWS} INTO OUTFILE ''`,
  `${ROWS} INTO OUTFILE 'exists.csv' FORMAT JSONEachRow`,
  `${ROWS} INTO OUTFILE 'exists.csv'`,
  `${ROWS} INTO OUTFILE 'exists.csv' APPEND`,
  `${ROWS} INTO OUTFILE 'append.tsv' APPEND FORMAT CSVWithNames`,
  `${ROWS} INTO OUTFILE 'append.tsv' APPEND FORMAT CSVWithNames`,
  `${ROWS} INTO OUTFILE 'append.tsv' APPEND TRUNCATE`,
  `${ROWS} INTO OUTFILE 'truncate.tsv'`,
  `SELECT 1 INTO OUTFILE 'truncate.tsv' TRUNCATE`,
  `${ROWS} INTO OUTFILE 'plain.gz' COMPRESSION 'none'`,
  `${ROWS} INTO OUTFILE 'packed' COMPRESSION 'gz' LEVEL 9 FORMAT TSKV`,
  `${ROWS} INTO OUTFILE 'append.gz' APPEND`,
  `${ROWS} INTO OUTFILE 'auto.csv.gz' COMPRESSION 'auto'`,
  `${ROWS} INTO OUTFILE 'what' COMPRESSION 'rar'`,
  `${ROWS} INTO OUTFILE 'much.gz' COMPRESSION 'gzip' LEVEL 99`,
  `${ROWS} INTO OUTFILE 'none.zst' COMPRESSION 'zstd' LEVEL 0`,
  `${ROWS} INTO OUTFILE 'most.zst' COMPRESSION 'zstd' LEVEL 22`,
  `${ROWS} INTO OUTFILE 'more.zst' COMPRESSION 'zstd' LEVEL 23`,
  `SELECT number FROM numbers(900) INTO OUTFILE 'long.txt' FORMAT Vertical`,
  `SHOW DATABASES LIKE 'system' INTO OUTFILE 'show.csv'`,
  `EXPLAIN SELECT 1 INTO OUTFILE 'explain.txt'`,
  `SELECT 'x' SETTINGS max_threads = 1 INTO OUTFILE 'settings' SETTINGS max_block_size = 1 FORMAT CSV`,
];

/** Runs statements through ClickHouse's own client code, in this folder; true for each that succeeded. */
async function clickhouseClient(folder: string): Promise<boolean[]> {
  const program = fileURLToPath(new URL('../sql/clickhouseLocal.ts', import.meta.url));
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(STATEMENTS.map((statement) => [statement])));
  return (JSON.parse(await text(child.stdout)) as unknown[]).map((out) => typeof out === 'string');
}

describe('INTO OUTFILE', function () {
  this.timeout(60_000);
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  for (const [statements, code] of [
    [TAKEN, 358],
    [REFUSED, 62],
  ] as const) {
    it(`is found exactly where the server's parser takes it (code ${code})`, async () => {
      for (const statement of statements) {
        const answer = await ask(engine(), statement);
        assert.match(answer.text, new RegExp(`^Code: ${code}\\.`), statement);
        const found = intoOutfile(statement);
        assert.equal(found !== undefined, code === 358, statement);
        if (found) assert.ok((await ask(engine(), found.sql)).ok, found.sql);
      }
    });
  }

  it("leaves the same files as ClickHouse's own client, and refuses the same", async () => {
    const theirs = join(folder(), 'theirs');
    const ours = join(folder(), 'ours');
    await Promise.all([theirs, ours].map((path) => mkdir(path)));
    const expected = await clickhouseClient(theirs);
    for (const [index, statement] of STATEMENTS.entries()) {
      const clause = intoOutfile(statement);
      assert.ok(clause, statement);
      const done = await run(clause).then(
        () => true,
        (error: unknown) => {
          assert.ok(isUsageError(error) || isFileError(error), `${statement}: ${String(error)}`);
          return false;
        },
      );
      assert.equal(done, expected[index], statement);
    }
    async function run(clause: IntoOutfile): Promise<void> {
      const { sql, path, save } = planOutfile(clause, { folder: ours });
      await client.saveTo(sql, path, save);
    }
    const names = await readdir(theirs);
    assert.deepEqual((await readdir(ours)).sort(), names.sort());
    for (const name of names) {
      const [a, b] = await Promise.all([content(join(ours, name)), content(join(theirs, name))]);
      assert.equal(a, b, name);
    }
  });

  /** The bytes, decompressed by the server where the name says so, without what is random or a time. */
  async function content(path: string): Promise<string> {
    const coding = CODING_OF[path.split('.').at(-1)?.toLowerCase() ?? ''];
    if (coding === undefined || path.endsWith('plain.gz')) {
      const bytes = (await readFile(path)).toString('latin1');
      return bytes.replace(/"elapsed": [\d.e-]+|<elapsed>[\d.e-]+/, '');
    }
    const file = `file(${quoteLiteral(path)}, RawBLOB, 'c String', ${quoteLiteral(coding)})`;
    return (await client.rawQuery(`SELECT c FROM ${file}`, { format: 'RawBLOB' })).text();
  }
});

const CODING_OF: Readonly<Record<string, string>> = {
  gz: 'gzip',
  packed: 'gzip',
  zst: 'zstd',
  lz4: 'lz4',
  xz: 'xz',
  br: 'br',
  brotli: 'br',
  deflate: 'deflate',
};
