import assert from 'node:assert/strict';
import { errorPosition } from '../../../src/core/sql/errorPosition.ts';
import { useEngine } from '../fixture.ts';
import { ask } from './query.ts';

/** Broken statements; the bars mark what the user has to look at. */
const BROKEN = [
  "SELECT 'é日本🎉', 1 |2|",
  "-- é🎉\nSELECT 'ß'\n  FROM system.one |]|",
  'SELECT (1, 2',
  "SELECT |'open|",
  'SELECT 1 |/* open|',
  'SELECT 1 |+|',
  'SELECT |é|',
  'SELECT 1 FROM system.one WHERE GROUP |BY| 1',
  'SELECT dummy, |nope| FROM system.one',
  'SELECT |`no pe`| FROM system.one',
  'SELECT o.dummy, |o.nope| FROM system.one AS o',
  "SELECT 'é', |nofunc|(1)",
  'SELECT * FROM |nofunc|(1)',
  'SELECT avg(|nope|) FROM system.one',
  'SELECT 1 FROM system.one WHERE |nope| = 1',
  'SELECT |`no``pe`| FROM system.one',
  'SELECT 1 FROM system.one AS t JOIN system.one AS u USING (|nope|)',
  'ALTER TABLE |nope| DROP COLUMN a',
  'DROP TABLE |nope|',
  'SELECT 1 FROM |`no db`|.t',
  'SELECT arrayMap(x -> |nope|, [1])',
  "INSERT INTO FUNCTION null('a Int8') VALUES (|nope|)",
  'SELECT * FROM |nope|',
  'SELECT * FROM |system.nope|',
  'SELECT * FROM |nodb|.t',
  'INSERT INTO |nope| VALUES (1)',
  'SELECT 1 FORMAT |Nope|',
  'SELECT 1 SETTINGS |nope| = 1',
  'CREATE TABLE x (a |Nope|) ENGINE = Memory',
  'SELECT {|nope|:UInt8}',
  'USE |nodb|',
  'SELECT count() FROM system.one ORDER BY dummy |LIMTI| 1',
  "INSERT INTO FUNCTION null('a Int8') (|zz|) VALUES (1)",
];

describe("errorPosition of the engine's own messages", () => {
  const engine = useEngine();

  for (const marked of BROKEN) {
    it(JSON.stringify(marked), async () => {
      const sql = marked.replaceAll('|', '');
      const answer = await ask(engine(), sql, { implicit_select: '0' });
      assert.equal(answer.ok, false, answer.text);
      const range = errorPosition(answer.text, sql);
      assert.ok(range, answer.text);
      if (!marked.includes('|')) return;
      const shown = `${sql.slice(0, range.start)}|${sql.slice(range.start, range.end)}|${sql.slice(range.end)}`;
      assert.equal(shown, marked, answer.text);
    });
  }

  it('says nothing about a text inside the statement', async () => {
    const sql = "SELECT formatQuery('SELECT 1 +')";
    const answer = await ask(engine(), sql);
    assert.match(answer.text, /failed at position/);
    assert.equal(errorPosition(answer.text, sql), undefined);
  });
});
