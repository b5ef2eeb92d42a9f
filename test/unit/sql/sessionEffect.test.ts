import assert from 'node:assert/strict';
import { sessionEffect } from '../../../src/core/sql/sessionEffect.ts';
import { setSettings, settingChanges } from '../../../src/core/sql/setStatement.ts';

describe('settingChanges', () => {
  it('gives names and values in order', () => {
    assert.deepEqual(
      settingChanges("SET a = 1, b='x, y = 2', `c` = [1, 2] , d = DEFAULT, e, f = 1e3"),
      [
        { name: 'a', value: '1' },
        { name: 'b', value: "'x, y = 2'" },
        { name: 'c', value: '[1, 2]' },
        { name: 'd', value: undefined },
        { name: 'e', value: '1' },
        { name: 'f', value: '1e3' },
      ],
    );
    assert.deepEqual(setSettings('SET param_x = 1, custom.y = 2'), ['param_x', 'custom.y']);
    assert.deepEqual(settingChanges("SET TIME ZONE 'UTC'"), [
      { name: 'session_timezone', value: "'UTC'" },
    ]);
    assert.deepEqual(settingChanges('SET ROLE r'), []);
    assert.deepEqual(settingChanges('SELECT 1 SETTINGS a = 1'), []);
  });
});

describe('sessionEffect', () => {
  const effects: [string, unknown][] = [
    ['SELECT 1', undefined],
    ['CREATE TABLE t (a Int8) ENGINE = Memory', undefined],
    ['DROP DATABASE d', undefined],
    ['SET ROLE r', { kind: 'set', changes: [] }],
    ['USE `my db`', { kind: 'use', database: 'my db' }],
    ['use database d', { kind: 'use', database: 'd' }],
    ['USE database', { kind: 'use', database: 'database' }],
    ['BEGIN TRANSACTION', { kind: 'transaction', isOpen: true }],
    ['ROLLBACK', { kind: 'transaction', isOpen: false }],
    [
      'CREATE TEMPORARY TABLE t (a Int8)',
      { kind: 'create', table: 't', ifNotExists: false, reads: false },
    ],
    [
      'CREATE TEMPORARY TABLE IF NOT EXISTS t AS SELECT 1',
      { kind: 'create', table: 't', ifNotExists: true, reads: true },
    ],
    [
      'CREATE TEMPORARY TABLE t EMPTY AS SELECT 1',
      { kind: 'create', table: 't', ifNotExists: false, reads: false },
    ],
    [
      'CREATE TEMPORARY VIEW v AS SELECT 1',
      { kind: 'create', table: 'v', ifNotExists: false, reads: false },
    ],
    ['DROP TEMPORARY TABLE IF EXISTS a, d.b, `c`', { kind: 'drop', tables: ['a', 'c'] }],
    ['INSERT INTO t VALUES (1)', { kind: 'write', table: 't', reads: false }],
    ['INSERT INTO TABLE t SELECT 1', { kind: 'write', table: 't', reads: true }],
    ['WITH 1 AS x INSERT INTO t SELECT x', { kind: 'write', table: 't', reads: true }],
    ['INSERT INTO d.t SELECT 1', undefined],
    ['INSERT INTO FUNCTION file(x) SELECT 1', undefined],
    ['TRUNCATE TEMPORARY TABLE t', { kind: 'write', table: 't', reads: false }],
    ['ALTER TABLE t ADD COLUMN b Int8', { kind: 'write', table: 't', reads: false }],
    ['DELETE FROM t WHERE a = 1', { kind: 'write', table: 't', reads: false }],
  ];
  for (const [sql, effect] of effects) {
    it(sql, () => {
      assert.deepEqual(sessionEffect(sql), effect);
    });
  }
});
