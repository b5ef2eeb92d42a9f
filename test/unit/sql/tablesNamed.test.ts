import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tablesNamed } from '../../../src/core/sql/tablesNamed.ts';

const TABLES = [
  { database: 'default', name: 'goods' },
  { database: 'shop', name: 'goods' },
  { database: 'shop', name: 'odd name' },
];

const named = (sql: string): string[] =>
  tablesNamed(sql, TABLES).map(({ database, name }) => `${database}.${name}`);

describe('tables that a statement names', () => {
  it('are those of its words, in its order', () => {
    assert.deepEqual(named('SELECT * FROM `odd name` JOIN shop.goods USING (id)'), [
      'shop.odd name',
      'shop.goods',
    ]);
    assert.deepEqual(named('CREATE TABLE goods (n UInt8) ORDER BY n'), [
      'default.goods',
      'shop.goods',
    ]);
  });

  it('are told apart by their databases, where the statement says which', () => {
    assert.deepEqual(named('INSERT INTO shop.goods VALUES (1)'), ['shop.goods']);
    assert.deepEqual(named('SELECT g.goods FROM "default"."goods" AS g'), [
      'default.goods',
      'shop.goods',
    ]);
  });

  it('are none of its texts and comments', () => {
    assert.deepEqual(named("SELECT 'goods' -- FROM goods"), []);
  });
});
