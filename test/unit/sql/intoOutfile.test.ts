import assert from 'node:assert/strict';
import { intoOutfile } from '../../../src/core/sql/intoOutfile.ts';

const PLAIN = { append: false, truncate: false, andStdout: false };

describe('intoOutfile', () => {
  for (const [statement, expected] of [
    ["SELECT 1 INTO OUTFILE 'x'", { sql: 'SELECT 1', file: 'x', ...PLAIN }],
    [
      "select 1 into  outfile /* INTO */ 'x' FORMAT CSV",
      { sql: 'select 1 FORMAT CSV', file: 'x', ...PLAIN, format: 'CSV' },
    ],
    [
      "SELECT 1 INTO OUTFILE 'x' APPEND AND STDOUT COMPRESSION 'zstd' LEVEL 22 FORMAT `TSV` SETTINGS a = 1",
      {
        sql: 'SELECT 1 FORMAT `TSV` SETTINGS a = 1',
        file: 'x',
        append: true,
        truncate: false,
        andStdout: true,
        compression: 'zstd',
        level: '22',
        format: 'TSV',
      },
    ],
    [
      "SELECT 1 SETTINGS a = 1 INTO OUTFILE 'x' TRUNCATE SETTINGS format = 2, m = {'FORMAT': 1} FORMAT CSV",
      {
        sql: "SELECT 1 SETTINGS a = 1 SETTINGS format = 2, m = {'FORMAT': 1} FORMAT CSV",
        file: 'x',
        append: false,
        truncate: true,
        andStdout: false,
        format: 'CSV',
      },
    ],
    [
      "SELECT 1 INTO OUTFILE 'it\\'s ''a''\\\\b.csv' COMPRESSION 'gzip' LEVEL -1",
      { sql: 'SELECT 1', file: "it's 'a'\\b.csv", ...PLAIN, compression: 'gzip', level: '-1' },
    ],
    ["SELECT 1 INTO OUTFILE $a$x'$\\$a$", { sql: 'SELECT 1', file: "x'$\\", ...PLAIN }],
    ['SELECT 1 INTO OUTFILE ‘ä.csv’', { sql: 'SELECT 1', file: 'ä.csv', ...PLAIN }],
    [
      "-- one\nSELECT 'INTO OUTFILE \\'no\\'' -- two\nINTO OUTFILE 'x' -- three\n",
      { sql: "-- one\nSELECT 'INTO OUTFILE \\'no\\'' -- two\n-- three\n", file: 'x', ...PLAIN },
    ],
    [
      "(SELECT (1))INTO OUTFILE ''FORMAT CSV",
      { sql: '(SELECT (1))FORMAT CSV', file: '', ...PLAIN, format: 'CSV' },
    ],
    ["SHOW TABLES INTO OUTFILE 'x'", { sql: 'SHOW TABLES', file: 'x', ...PLAIN }],
  ] as const) {
    it(`reads ${statement}`, () => {
      assert.deepEqual(intoOutfile(statement), expected);
    });
  }

  for (const statement of [
    'SELECT 1',
    "SELECT 1 AS into, 2 AS outfile, 'x'",
    "SELECT (SELECT 1 INTO OUTFILE 'x')",
    "(SELECT 1 INTO OUTFILE 'x')",
    "SELECT 'INTO OUTFILE ''x'''",
    "INSERT INTO t FORMAT TSV\nINTO OUTFILE 'x'",
    "SELECT 1 INTO OUTFILE 'x",
    '',
  ]) {
    it(`finds no clause in ${JSON.stringify(statement)}`, () => {
      assert.equal(intoOutfile(statement), undefined);
    });
  }

  it('takes no more time for long texts than reading them does', () => {
    const started = performance.now();
    intoOutfile(`SELECT ${"into outfile 'x', ".repeat(30_000)} 1`);
    assert.ok(performance.now() - started < 2_000);
  });
});
