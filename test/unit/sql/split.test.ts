import assert from 'node:assert/strict';
import { splitStatements, statementAt } from '../../../src/core/sql/split.ts';

function texts(sql: string): string[] {
  return splitStatements(sql).map((statement) => statement.text);
}

function data(sql: string): (string | undefined)[] {
  return splitStatements(sql).map(
    ({ inlineData }) => inlineData && sql.slice(inlineData.start, inlineData.end),
  );
}

describe('splitStatements', () => {
  it('ends statements at semicolons and \\G, outside strings, names, comments and heredocs', () => {
    assert.deepEqual(texts(`SELECT 1; SELECT ';' ; SELECT 2 -- ; no\n + 1;`), [
      'SELECT 1',
      "SELECT ';'",
      'SELECT 2 -- ; no\n + 1',
    ]);
    assert.deepEqual(texts('SELECT `a;b`, "c;d", $x$ ; $x$ /* ; /* ; */ ; */, ‘;’; SELECT 2\\G'), [
      'SELECT `a;b`, "c;d", $x$ ; $x$ /* ; /* ; */ ; */, ‘;’',
      'SELECT 2',
    ]);
    assert.deepEqual(texts("SELECT 'it\\'s; one'; SELECT 'it''s; one'"), [
      "SELECT 'it\\'s; one'",
      "SELECT 'it''s; one'",
    ]);
  });

  it('gives no statement for comments, white space and empty statements', () => {
    for (const sql of ['', '  \n', '-- only\n/* comments */', ';;;', '; -- a\n ;']) {
      assert.deepEqual(splitStatements(sql), []);
    }
  });

  it('keeps leading comments in the full extent only', () => {
    const sql = '-- one\n/* two */ SELECT 1 /* three */; -- four\n-- five\nSELECT 2 -- six\n';
    const [first, second] = splitStatements(sql);
    assert.equal(first?.text, 'SELECT 1');
    assert.equal(
      sql.slice(first.fullStart, first.fullEnd),
      '-- one\n/* two */ SELECT 1 /* three */;',
    );
    assert.equal(second?.text, 'SELECT 2');
    assert.equal(sql.slice(second.fullStart, second.fullEnd), '-- five\nSELECT 2');
  });

  it('gives a comment between two statements of one line to the second', () => {
    const [, second] = splitStatements('SELECT 1; /* b */ SELECT 2');
    assert.equal(second?.fullStart, 10);
  });

  it('keeps INSERT … VALUES with its rows together', () => {
    const sql = "INSERT INTO t VALUES (1, 'a;b'), -- it's ; one\n (2, `x`) ; SELECT 2";
    assert.deepEqual(texts(sql), [
      "INSERT INTO t VALUES (1, 'a;b'), -- it's ; one\n (2, `x`)",
      'SELECT 2',
    ]);
    assert.deepEqual(data(sql), ["(1, 'a;b'), -- it's ; one\n (2, `x`)", undefined]);
    assert.deepEqual(data("INSERT INTO t FORMAT Values ('1;'),\n\n('2'); SELECT 1"), [
      "('1;'),\n\n('2')",
      undefined,
    ]);
    assert.deepEqual(data('INSERT INTO t VALUES; SELECT 1'), [undefined, undefined]);
  });

  it('takes inline data of other formats up to the first empty line, as clickhouse-client does', () => {
    const sql = "INSERT INTO t FORMAT CSV\n1,it's\n2,b;\n\nSELECT 1;\nSELECT 2";
    assert.deepEqual(texts(sql), [
      "INSERT INTO t FORMAT CSV\n1,it's\n2,b;",
      'SELECT 1',
      'SELECT 2',
    ]);
    assert.deepEqual(data(sql), ["1,it's\n2,b;", undefined, undefined]);
    assert.deepEqual(data('INSERT INTO t FORMAT TSV\r\n1\r\n2\r\n\r\nSELECT 1'), [
      '1\r\n2',
      undefined,
    ]);
    assert.deepEqual(data('INSERT INTO t FORMAT JSONEachRow {"a":1}'), ['{"a":1}']);
    assert.deepEqual(data('INSERT INTO t FORMAT CSV   1,2\n'), ['1,2\n']);
    assert.deepEqual(data('INSERT INTO t FORMAT CSV'), [undefined]);
    assert.deepEqual(data('INSERT INTO t FORMAT CSV; SELECT 1'), [undefined, undefined]);
  });

  it('finds the data behind every form of the target', () => {
    for (const head of [
      'INSERT INTO d.t',
      'insert into table `d`."t" (a, b, `c)`)',
      "INSERT INTO FUNCTION file('x.csv', CSV, 'a Int8') PARTITION BY a",
      'INSERT INTO format (* EXCEPT(b))',
      "INSERT INTO {t:Identifier} SETTINGS async_insert=1, x='VALUES'",
      'WITH 1 AS x INSERT INTO t',
      'EXPLAIN INSERT INTO t',
    ]) {
      assert.deepEqual(data(`${head} VALUES (1);`), ['(1)'], head);
      assert.deepEqual(data(`${head} FORMAT CSV\n1;`), ['1;'], head);
    }
  });

  it('sees no inline data in INSERT … SELECT and FROM INFILE', () => {
    for (const sql of [
      'INSERT INTO t SELECT 1',
      'INSERT INTO t SELECT * FROM s FORMAT CSV',
      'INSERT INTO t SELECT * FROM s FORMAT CSV\n',
      'INSERT INTO t (SELECT 1)',
      'INSERT INTO t (a) WITH 1 AS x SELECT x',
      "INSERT INTO t FROM INFILE 'x.csv.gz' COMPRESSION 'gzip' FORMAT CSV",
      'INSERT INTO t SELECT a AS format, 1 AS values FROM input',
    ]) {
      assert.deepEqual(texts(`${sql}; SELECT 1`), [sql.trim(), 'SELECT 1']);
      assert.deepEqual(data(sql), [undefined]);
    }
    assert.deepEqual(
      data("INSERT INTO t SELECT a FROM input('a Int8') FORMAT CSV\n1;\n\nSELECT 1"),
      ['1;', undefined],
    );
  });

  it('lets an open quote run to the end, and does not throw', () => {
    assert.deepEqual(texts("SELECT 1; SELECT 'open; SELECT 2"), [
      'SELECT 1',
      "SELECT 'open; SELECT 2",
    ]);
  });

  it('tells kind and format', () => {
    assert.deepEqual(
      splitStatements('SELECT 1 FORMAT JSON; INSERT INTO t VALUES (1); SHOW TABLES').map(
        ({ kind, format }) => [kind, format],
      ),
      [
        ['select', 'JSON'],
        ['insert', 'Values'],
        ['show', undefined],
      ],
    );
  });
});

describe('statementAt', () => {
  /** The statement at the place of the bar. */
  function at(sql: string): string | undefined {
    return statementAt(sql.replace('|', ''), sql.indexOf('|'))?.text;
  }

  it('takes the statement that holds the cursor, with its leading comments', () => {
    assert.equal(at('SELECT 1; SEL|ECT 2'), 'SELECT 2');
    assert.equal(at('SELECT 1;\n-- abo|ut two\nSELECT 2'), 'SELECT 2');
    assert.equal(at('|SELECT 1; SELECT 2'), 'SELECT 1');
    assert.equal(at('SELECT 1| ; SELECT 2'), 'SELECT 1');
  });

  it('counts the place behind the semicolon to the statement before', () => {
    assert.equal(at('SELECT 1;|SELECT 2'), 'SELECT 1');
    assert.equal(at('SELECT 1; | SELECT 2'), 'SELECT 1');
    assert.equal(at('SELECT 1; -- a|\nSELECT 2'), 'SELECT 1');
    assert.equal(at('SELECT 1;  |\nSELECT 2'), 'SELECT 1');
  });

  it('takes the next statement from a blank line, and the last one behind all', () => {
    assert.equal(at('SELECT 1;\n|\nSELECT 2'), 'SELECT 2');
    assert.equal(at('\n|\nSELECT 1'), 'SELECT 1');
    assert.equal(at('SELECT 1;\nSELECT 2;\n\n|'), 'SELECT 2');
  });

  it('holds inline data together with its INSERT', () => {
    assert.equal(
      at('INSERT INTO t FORMAT CSV\n1\n2|;3\n\nSELECT 1'),
      'INSERT INTO t FORMAT CSV\n1\n2;3',
    );
    assert.equal(at('INSERT INTO t FORMAT CSV\n1\n|\nSELECT 1'), 'SELECT 1');
  });

  it('finds nothing where there is no statement', () => {
    assert.equal(at('-- not|hing\n'), undefined);
    assert.equal(at('|'), undefined);
  });
});
