import assert from 'node:assert/strict';
import { destroys } from '../../../src/core/sql/destroys.ts';

describe('a statement that destroys', () => {
  const found: [string, string][] = [
    ['DROP TABLE t', 'DROP'],
    ['/* why */ drop database d sync', 'DROP'],
    ['TRUNCATE TABLE IF EXISTS t', 'TRUNCATE'],
    ['DELETE FROM t WHERE 1', 'DELETE'],
    ['UPDATE t SET a = 1 WHERE 1', 'UPDATE'],
    ['DETACH TABLE t PERMANENTLY', 'DETACH'],
    ['ALTER TABLE t DELETE WHERE a = 1', 'ALTER … DELETE'],
    ['ALTER TABLE `d`.`t` UPDATE a = 1 WHERE 1', 'ALTER … UPDATE'],
    ['ALTER TABLE d.t ON CLUSTER c DROP PARTITION 1', 'ALTER … DROP ON CLUSTER'],
    ['ALTER TABLE IF EXISTS t DROP COLUMN a', 'ALTER … DROP'],
    ['ALTER TABLE t ADD COLUMN b Int8, DROP COLUMN a', 'ALTER … DROP'],
    ['ALTER TABLE t (DROP COLUMN a)', 'ALTER … DROP'],
    ['ALTER TABLE t MATERIALIZE INDEX i', 'ALTER … MATERIALIZE'],
    ['CREATE OR REPLACE TABLE t (a Int8) ENGINE = Memory', 'CREATE OR REPLACE'],
    ['CREATE TABLE t ON CLUSTER c (a Int8) ENGINE = Memory', 'CREATE ON CLUSTER'],
    ["OPTIMIZE TABLE t ON CLUSTER 'c' FINAL", 'OPTIMIZE ON CLUSTER'],
    ['EXECUTE AS bob DROP TABLE t', 'DROP'],
    ['CREATE TABLE a (x Int8) ENGINE = Memory PARALLEL WITH DROP TABLE b', 'DROP'],
    ["SYSTEM DROP REPLICA 'r'", 'SYSTEM DROP REPLICA'],
  ];
  for (const [sql, what] of found) {
    it(`is seen in ${sql}`, () => {
      assert.equal(destroys(sql), what);
    });
  }

  for (const sql of [
    '',
    'SELECT 1',
    "SELECT 'DROP TABLE t'",
    '-- DROP TABLE t\nSELECT 1',
    'EXPLAIN DROP TABLE t',
    'SHOW CREATE TABLE t',
    'INSERT INTO t SELECT * FROM a JOIN b ON cluster.x = b.x',
    'CREATE VIEW v AS SELECT 1 FROM a JOIN b ON cluster = 1',
    'CREATE TABLE drop (a Int8) ENGINE = Memory',
    'ALTER TABLE drop ADD COLUMN delete Int8',
    'DROP TEMPORARY TABLE t',
    'SYSTEM DROP MARK CACHE',
    'UNDROP TABLE t',
  ]) {
    it(`is not seen in ${sql || 'nothing'}`, () => {
      assert.equal(destroys(sql), undefined);
    });
  }
});
