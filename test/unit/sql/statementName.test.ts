import assert from 'node:assert/strict';
import { statementName } from '../../../src/core/sql/statementName.ts';

describe('statementName', () => {
  for (const [statement, name] of [
    ['SELECT * FROM trips', 'trips'],
    ['select a from db.`my trips` as t', 'my trips'],
    ['SELECT 1', 'select'],
    ['SELECT * FROM numbers(10)', 'numbers'],
    ['SELECT x FROM (SELECT y FROM inner_table) AS s', 'inner_table'],
    ['SELECT x FROM (SELECT 1)', 'select'],
    ['(SELECT 1 FROM a) UNION ALL SELECT 2 FROM b', 'b'],
    ['FROM a SELECT 1', 'a'],
    ['WITH x AS (SELECT * FROM far) SELECT * FROM x', 'x'],
    ["SELECT trim(BOTH ' ' FROM s), a IS DISTINCT FROM b FROM t", 't'],
    ["SELECT 'FROM x'", 'select'],
    ['SHOW TABLES FROM db', 'show-tables'],
    ['DESCRIBE TABLE t', 'describe-table'],
    ['EXPLAIN SELECT 1', 'explain-select'],
    ['1 + 1', 'statement'],
  ] as const) {
    it(`is ${name} for ${statement}`, () => {
      assert.equal(statementName(statement), name);
    });
  }
});
