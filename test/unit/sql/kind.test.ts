import assert from 'node:assert/strict';
import { classify, temporaryTable } from '../../../src/core/sql/kind.ts';
import { isRead, returnsRows, type StatementKind } from '../../../src/core/sql/statementKind.ts';

describe('classify', () => {
  const cases: Record<string, StatementKind> = {
    'SELECT 1': 'select',
    '-- c\n/* d */ select 1': 'select',
    'FROM t SELECT a': 'select',
    '(SELECT 1) UNION ALL (SELECT 2)': 'select',
    '((SELECT 1))': 'select',
    'WITH x AS (SELECT 1) SELECT * FROM x': 'select',
    'WITH insert AS (SELECT 1) SELECT * FROM insert': 'select',
    'WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x': 'select',
    'WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x': 'insert',
    'INSERT INTO t VALUES (1)': 'insert',
    'INSERT INTO t SELECT 1': 'insert',
    'SHOW TABLES': 'show',
    'DESC t': 'show',
    'DESCRIBE TABLE t': 'show',
    'EXISTS t': 'show',
    'EXPLAIN SELECT 1': 'show',
    'EXPLAIN INSERT INTO t VALUES (1)': 'show',
    'CHECK TABLE t': 'show',
    'SET a = 1': 'set',
    'SET ROLE r': 'set',
    'SET DEFAULT ROLE r TO u': 'ddl',
    'SET TRANSACTION SNAPSHOT 1': 'transaction',
    'USE db': 'use',
    'CREATE FUNCTION f AS x -> x': 'ddl',
    'CREATE TABLE a (x Int8) ENGINE=Memory PARALLEL WITH DROP TABLE b': 'ddl',
    'TRUNCATE TABLE t': 'ddl',
    'DELETE FROM t WHERE 1': 'ddl',
    'SYSTEM FLUSH LOGS': 'system',
    'KILL QUERY WHERE 1': 'kill',
    'BEGIN TRANSACTION': 'transaction',
    ROLLBACK: 'transaction',
    "BACKUP TABLE t TO File('x')": 'other',
    'EXECUTE AS u SELECT 1': 'other',
    '1 + 1': 'other',
    '': 'other',
    '-- nothing': 'other',
  };
  for (const [sql, kind] of Object.entries(cases)) {
    it(`${sql.replaceAll('\n', ' ') || '(empty)'}: ${kind}`, () => {
      assert.equal(classify(sql), kind);
    });
  }

  it('is not fooled by names every JavaScript object has', () => {
    assert.equal(classify('constructor'), 'other');
  });

  it('says which kinds return rows and which only read', () => {
    assert.equal(returnsRows('select') && returnsRows('show') && returnsRows('kill'), true);
    assert.equal(returnsRows('insert') || returnsRows('ddl') || returnsRows('set'), false);
    assert.equal(isRead('select') && isRead('show'), true);
    assert.equal(isRead('kill') || isRead('insert') || isRead('other'), false);
  });
});

describe('temporaryTable', () => {
  it('gives the name of the table that the session will hold', () => {
    assert.equal(temporaryTable('CREATE TEMPORARY TABLE t (a Int8)'), 't');
    assert.equal(
      temporaryTable('create /* c */ temporary table if not exists `a b` AS SELECT 1'),
      'a b',
    );
    assert.equal(temporaryTable('CREATE OR REPLACE TEMPORARY TABLE t (a Int8)'), 't');
    assert.equal(temporaryTable('CREATE TABLE t (a Int8)'), undefined);
    assert.equal(temporaryTable("SELECT 'CREATE TEMPORARY TABLE t'"), undefined);
  });
});
