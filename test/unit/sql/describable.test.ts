import assert from 'node:assert/strict';
import { describableSelect } from '../../../src/core/sql/describable.ts';
import { outputClauses } from '../../../src/core/sql/outputClauses.ts';

describe('describableSelect', () => {
  const cases: Record<string, string> = {
    'SELECT 1': 'SELECT 1',
    ' /* a */ SELECT 1 -- b\n ; -- c': 'SELECT 1',
    'SELECT 1 -- b': 'SELECT 1',
    'SELECT 1 /* keep */ + 2': 'SELECT 1 /* keep */ + 2',
    'SELECT 1 \\G': 'SELECT 1',
    'SELECT 1 FORMAT JSON;': 'SELECT 1',
    'SELECT 1 -- b\nFORMAT JSON': 'SELECT 1',
    'SELECT a FROM t ORDER BY a DESC FORMAT CSV': 'SELECT a FROM t ORDER BY a DESC',
    'SELECT a IS NULL FROM t GROUP BY ALL FORMAT CSV': 'SELECT a IS NULL FROM t GROUP BY ALL',
    'SELECT 1 LIMIT 1 OFFSET 2 FORMAT CSV': 'SELECT 1 LIMIT 1 OFFSET 2',
    'SELECT * FORMAT CSV': 'SELECT *',
    'FROM t SELECT a format CSV': 'FROM t SELECT a',
    "SELECT 1 INTO OUTFILE 'x' APPEND AND STDOUT COMPRESSION 'gzip' LEVEL 3 FORMAT CSV": 'SELECT 1',
    "SELECT 1 INTO OUTFILE 'x.csv'": 'SELECT 1',
    '(SELECT 1)': 'SELECT 1',
    '((SELECT 1)) FORMAT CSV': 'SELECT 1',
    '(SELECT 1) UNION ALL (SELECT 2) FORMAT CSV': '(SELECT 1) UNION ALL (SELECT 2)',
    'SELECT f(x) SETTINGS a=1 FORMAT CSV': 'SELECT f(x) SETTINGS a=1',
    'SELECT 1 FORMAT CSV SETTINGS a=1': 'SELECT * FROM (SELECT 1) SETTINGS a=1',
    'SELECT 1 SETTINGS a=1 FORMAT CSV SETTINGS b=2':
      'SELECT * FROM (SELECT 1 SETTINGS a=1) SETTINGS b=2',
    '(SELECT 1) UNION ALL (SELECT 2) SETTINGS a=1 FORMAT CSV':
      'SELECT * FROM ((SELECT 1) UNION ALL (SELECT 2)) SETTINGS a=1',
    '(SELECT 1) SETTINGS a=1': 'SELECT * FROM (SELECT 1) SETTINGS a=1',
    'SELECT format FROM formats': 'SELECT format FROM formats',
    'SELECT format x': 'SELECT format x',
    'SELECT a, format b FROM t': 'SELECT a, format b FROM t',
    'SELECT a AS format FORMAT TSV': 'SELECT a AS format',
    'SELECT * FROM format FORMAT TSV': 'SELECT * FROM format',
    "SELECT formatRow('CSV', 1) FROM (SELECT 1)": "SELECT formatRow('CSV', 1) FROM (SELECT 1)",
    'WITH x AS (SELECT {p:UInt8}) SELECT * FROM x': 'WITH x AS (SELECT {p:UInt8}) SELECT * FROM x',
  };
  for (const [sql, copy] of Object.entries(cases)) {
    it(JSON.stringify(sql), () => {
      assert.equal(describableSelect(sql), copy);
    });
  }

  it('gives nothing for what is not a SELECT', () => {
    for (const sql of ['SHOW TABLES', 'INSERT INTO t SELECT 1', 'EXPLAIN SELECT 1', '', '-- a']) {
      assert.equal(describableSelect(sql), undefined);
    }
  });
});

describe('outputClauses', () => {
  it('names format and file and tells where they stand', () => {
    const sql = "SELECT 1 INTO OUTFILE 'it\\'s.csv' TRUNCATE FORMAT `CSV` SETTINGS a=1";
    const { format, intoOutfile, range } = outputClauses(sql);
    assert.equal(format, 'CSV');
    assert.equal(intoOutfile, "it's.csv");
    assert.equal(
      sql.slice(range?.start, range?.end),
      "INTO OUTFILE 'it\\'s.csv' TRUNCATE FORMAT `CSV`",
    );
    assert.equal(outputClauses('SHOW TABLES FORMAT JSON').format, 'JSON');
    assert.equal(outputClauses("SELECT 1 INTO OUTFILE 'a' AND STDOUT").intoOutfile, 'a');
    assert.deepEqual(outputClauses('SELECT format FROM t'), {});
  });
});
