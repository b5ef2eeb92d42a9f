import assert from 'node:assert/strict';
import { createdTable } from '../../../src/core/sql/createdTable.ts';

describe('the table that a statement creates', () => {
  const cases: [statement: string, table: ReturnType<typeof createdTable>][] = [
    ['CREATE TABLE t (a Int8) ENGINE = Memory', { table: 't' }],
    [
      '-- x\ncreate or replace table d . `t``1` ON CLUSTER c (a Int8)',
      { database: 'd', table: 't`1' },
    ],
    ['CREATE TABLE IF NOT EXISTS "d"/* x */."a.b" AS SELECT 1', { database: 'd', table: 'a.b' }],
    ['CREATE TABLE if (a Int8)', { table: 'if' }],
    ['CREATE TEMPORARY TABLE t (a Int8)', undefined],
    ['CREATE VIEW t AS SELECT 1', undefined],
    ['CREATE TABLE {t:Identifier} (a Int8)', undefined],
    ['CREATE TABLE', undefined],
    ['CREATE TABLE d.', undefined],
    ['', undefined],
  ];
  for (const [statement, table] of cases) {
    it(`${statement} → ${table ? JSON.stringify(table) : 'none'}`, () => {
      assert.deepEqual(createdTable(statement), table);
    });
  }
});
