import assert from 'node:assert/strict';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { splitStatements } from '../../../src/core/sql/split.ts';
import { useEngine } from '../fixture.ts';
import { ask } from './query.ts';

/** Statements that ClickHouse parses, each hard on a splitter in its own way. */
const CORPUS = [
  "SELECT ';'",
  "SELECT 'it''s; a'",
  "SELECT 'it\\'s; a'",
  "SELECT '\\\\', ';'",
  'SELECT 1 AS `a;b`',
  'SELECT 1 AS `a``;b`',
  'SELECT 1 AS "a;\\"b"',
  'SELECT ‘a;b’, 1 AS “c;d”',
  'SELECT $$;$$',
  "SELECT $x$ ; ' $$ $x$",
  'SELECT $a$b, $1',
  'SELECT 1 -- ;\n + 1',
  "SELECT 1 // ; it's\n + 1",
  'SELECT 1 # ;\n + 1',
  'SELECT 1 #! ;\n + 1',
  'SELECT /* ; /* nested ; */ ; */ 1',
  "SELECT /* it's */ 1",
  "SELECT '-- no comment', '/* nor this */'",
  'SELECT x.1.1 FROM (SELECT ((1, 2), 3) AS x)',
  'SELECT 1e-3, 0xFF, 0b101, 1_000, .5, 1., 0x1p4',
  "SELECT x'414243', b'01000001'",
  'SELECT 1 − 2',
  'SELECT 1 <=> 1, 1 <> 2, 1 != 2, 1 == 1',
  "SELECT [1, 2][1], map('a', 1)['a'], (1, 2).1",
  "SELECT 1 SETTINGS additional_table_filters = {'t': 'a = 1;'}",
  'SELECT arrayMap(x -> x + 1, [1])',
  'SELECT 1::UInt8 ? 2 : 3',
  "SELECT 'a' || 'b'",
  'SELECT\u00a01',
  'SELECT {x:UInt8}',
  "SELECT {x : Map(String, Array(Enum8('};' = 1)))}",
  'SELECT 1 FORMAT JSON',
  "SELECT 1 INTO OUTFILE 'a;b' COMPRESSION 'gzip' FORMAT CSV",
  'SELECT 1 FORMAT CSV SETTINGS max_threads = 1',
  '(SELECT 1) UNION ALL (SELECT 2)',
  '((SELECT 1))',
  'WITH x AS (SELECT 1) SELECT * FROM x',
  'WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x',
  'FROM system.one SELECT dummy',
  'SELECT format FROM (SELECT 1 AS format)',
  'SELECT CASE WHEN 1 THEN 2 ELSE 3 END',
  'EXPLAIN PIPELINE graph = 1 SELECT 1',
  "SHOW TABLES FROM system LIKE '%;%'",
  'DESCRIBE TABLE system.one',
  'EXISTS TABLE system.one',
  'CHECK TABLE system.one',
  'CREATE FUNCTION f AS x -> x',
  "CREATE TABLE a (x UInt8 COMMENT 'a;b') ENGINE = MergeTree ORDER BY x",
  'CREATE TABLE a (x UInt8) ENGINE = Memory PARALLEL WITH CREATE TABLE b (x UInt8) ENGINE = Memory',
  'CREATE VIEW v AS SELECT {x:UInt8}',
  'CREATE DICTIONARY d (a UInt8) PRIMARY KEY a SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)',
  "ALTER TABLE t UPDATE a = ';' WHERE 1",
  "DELETE FROM t WHERE a = ';'",
  "SET a = ';', b = 1",
  'USE system',
  'SYSTEM FLUSH LOGS',
  "KILL QUERY WHERE query_id = ';'",
  'BEGIN TRANSACTION',
  'COMMIT',
  'GRANT SELECT ON *.* TO u',
  "BACKUP TABLE t TO File('x')",
  'INSERT INTO t SELECT 1',
  "INSERT INTO t (a, b) SELECT 1, ';'",
  "INSERT INTO t FROM INFILE 'x;y' COMPRESSION 'gzip' FORMAT CSV",
  "INSERT INTO t VALUES (1, ';'), (2, $$;$$)",
  "INSERT INTO t VALUES (1 /* it's ; */)",
  "INSERT INTO FUNCTION file('x', CSV) VALUES (1)",
  'WITH 1 AS x INSERT INTO t SELECT x',
  'OPTIMIZE TABLE t FINAL',
  'TRUNCATE TABLE t',
  'RENAME TABLE a TO b',
];

describe("splitStatements against ClickHouse's parser", () => {
  const engine = useEngine();

  /** Why the engine's parser refuses each text, by index; empty when it takes all of them. */
  async function refused(texts: readonly string[]): Promise<string[]> {
    const list = texts.map((text) => `formatQueryOrNull(${quoteLiteral(text)}) IS NULL`).join(',');
    const answer = await ask(
      engine(),
      `SELECT arrayFilter(i -> [${list}][i] = 1, range(1, ${texts.length + 1})) FORMAT JSONCompactEachRow`,
      { implicit_select: '0' },
    );
    assert.ok(answer.ok, answer.text);
    const [indices] = JSON.parse(answer.text) as [number[]];
    return indices.map((index) => texts[index - 1] ?? '');
  }

  it('the corpus itself is valid', async () => {
    assert.deepEqual(await refused(CORPUS), []);
  });

  for (const [name, separator] of [
    ['semicolons on one line', ' ; '],
    ['semicolons without white space', ';'],
    ['semicolons and comments', "; -- it's a ; comment\n/* another ; */\n"],
    ['\\G', ' \\G\n'],
    ['CR LF', ';\r\n\r\n'],
    ['several semicolons', ';;\n;'],
  ] as const) {
    it(`gives the statements back from one script: ${name}`, () => {
      assert.deepEqual(
        splitStatements(CORPUS.join(separator) + separator).map(({ text }) => text),
        CORPUS,
      );
    });
  }

  it('each part parses alone', async () => {
    const parts = splitStatements(CORPUS.join(';\n')).map(({ text }) => text);
    assert.deepEqual(await refused(parts), []);
  });

  it('takes inline data as the engine does', async () => {
    const session = { session_id: 'inline-data' };
    const script = [
      'CREATE TEMPORARY TABLE t (a String, b String);',
      'INSERT INTO t FORMAT CSV\n1,it\'s;\n2,"x\n;y"\n',
      "INSERT INTO t VALUES ('3', ';'), ('4', $$;$$);",
      'INSERT INTO t FORMAT JSONEachRow {"a": "5", "b": "--"} {"a": "6", "b": "{x:UInt8}"}\n',
      "INSERT INTO t SELECT a, b FROM input('a String, b String') FORMAT TSV\n7\t;\n",
      'SELECT a, b FROM t ORDER BY a FORMAT JSONCompactColumns;',
    ].join('\n');
    let last = '';
    for (const { text } of splitStatements(script)) {
      const answer = await ask(engine(), text, session);
      assert.ok(answer.ok, `${text}\n${answer.text}`);
      last = answer.text;
    }
    assert.deepEqual(JSON.parse(last), [
      ['1', '2', '3', '4', '5', '6', '7'],
      ["it's;", 'x\n;y', ';', ';', '--', '{x:UInt8}', ';'],
    ]);
  });
});
