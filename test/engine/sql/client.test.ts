import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { splitStatements } from '../../../src/core/sql/split.ts';

const TABLE = 'CREATE TABLE t (a String) ENGINE = Memory;';
const ROWS = 'SELECT a FROM t ORDER BY a';

/** Scripts that ClickHouse's client code runs as a whole; what they print depends on the splitting. */
const SCRIPTS = [
  "SELECT 1;; ; SELECT ';' -- ; \n; SELECT 3",
  'SELECT 1 # ; no\n; SELECT $a$;$a$; /* ; /* */ ; */ SELECT 4',
  'SELECT ‘a;b’; SELECT 2',
  '#!/usr/bin/clickhouse\nSELECT 1;\n// c ; c\nSELECT 2',
  '(SELECT 1) UNION ALL (SELECT 1); SELECT 2',
  'WITH x AS (SELECT 1) SELECT * FROM x; SELECT 2',
  "SELECT '--', '/*', 'it''s'; SELECT `a;b` FROM (SELECT 1 AS `a;b`)",
  `${TABLE} INSERT INTO t FORMAT CSV\nit's;\n2\n\nINSERT INTO t VALUES ('x;y') ; ${ROWS}`,
  `${TABLE} INSERT INTO t VALUES ('1'), -- it is ; odd\n ('2'); ${ROWS}`,
  `${TABLE} INSERT INTO t VALUES ('1')\n\n;${ROWS}`,
  `${TABLE} INSERT INTO t VALUES ('a)'), (concat('b', '(;')); ${ROWS}`,
  `${TABLE} INSERT INTO t FORMAT Values ('1;'), ('2'); ${ROWS}`,
  `${TABLE} INSERT INTO t FORMAT Values ('1'),\n\n('2'); ${ROWS}`,
  `${TABLE} INSERT INTO t SETTINGS async_insert = 0 VALUES ('1'); ${ROWS}`,
  `${TABLE} INSERT INTO t FORMAT CSV\n\n1\n\n${ROWS}`,
  `${TABLE} INSERT INTO t FORMAT TSV\n1;\n2;\n\n;\n${ROWS}`,
  `${TABLE} INSERT INTO t FORMAT LineAsString\nx\n y;\n\n${ROWS}`,
  `${TABLE} INSERT INTO t (a) FORMAT JSONEachRow {"a": "1;"}\n{"a": "it's"}\n\n${ROWS}; SELECT 2`,
  `${TABLE} INSERT INTO t SELECT a FROM input('a String') FORMAT TSV\n1;\n\n${ROWS}`,
  `${TABLE} INSERT INTO t SELECT 'x' FORMAT TSV; ${ROWS}`,
  `${TABLE} INSERT INTO t SELECT 'x' FORMAT TSV\n; ${ROWS}`,
  `${TABLE} INSERT INTO t (SELECT 'x'); INSERT INTO t WITH 'y' AS y SELECT y; ${ROWS}`,
  `${TABLE} WITH 'x' AS x INSERT INTO t SELECT x; ${ROWS}`,
  "INSERT INTO FUNCTION null('a String') VALUES ('(;'); SELECT 6",
  'CREATE FUNCTION f AS x -> x + 1; SELECT f(1); DROP FUNCTION f',
  'CREATE TABLE a (x UInt8) ENGINE = Memory PARALLEL WITH CREATE TABLE b (x UInt8) ENGINE = Memory; SHOW TABLES',
];

async function clickhouseLocal(items: readonly (readonly string[])[]): Promise<unknown[]> {
  const program = fileURLToPath(new URL('clickhouseLocal.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(items));
  return (await json(child.stdout)) as unknown[];
}

describe("splitStatements against ClickHouse's client code", function () {
  this.timeout(60_000);
  let whole: unknown[];
  let parts: unknown[];

  before(async () => {
    [whole, parts] = await Promise.all([
      clickhouseLocal(SCRIPTS.map((script) => [script])),
      clickhouseLocal(SCRIPTS.map((script) => splitStatements(script).map(({ text }) => text))),
    ]);
  });

  for (const [index, script] of SCRIPTS.entries()) {
    it(JSON.stringify(script), () => {
      assert.equal(typeof whole[index], 'string', JSON.stringify(whole[index]));
      assert.deepEqual(parts[index], whole[index]);
    });
  }
});
