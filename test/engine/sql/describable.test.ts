import assert from 'node:assert/strict';
import { describableSelect } from '../../../src/core/sql/describable.ts';
import { useEngine } from '../fixture.ts';
import { ask } from './query.ts';

/** Each with the column types it has when it is run. */
const STATEMENTS = [
  'SELECT 1 AS a',
  'SELECT 1 AS a -- comment',
  'SELECT 1 AS a /* open ) */ FORMAT JSON;',
  '-- leading\nSELECT 1 AS a -- ) trailing\n;-- end',
  'SELECT 1 AS a // b\n SETTINGS max_threads = 1 -- c\n FORMAT TSV -- d\n SETTINGS max_block_size = 8 -- e',
  '(SELECT 1 AS a)',
  '((SELECT 1 AS a)) FORMAT CSV',
  '(SELECT 1 AS a) UNION ALL (SELECT 256) FORMAT CSV',
  '((SELECT 1 AS a) UNION ALL (SELECT 256))',
  '(SELECT 1 AS a UNION ALL SELECT -1)',
  'SELECT 1 AS a UNION DISTINCT (SELECT 2) SETTINGS max_threads = 1',
  '(SELECT 1 AS a) INTERSECT (SELECT 1) SETTINGS max_threads = 1 FORMAT TSV',
  'FROM system.one SELECT dummy',
  'WITH x AS (SELECT 1 AS a) SELECT * FROM x',
  'WITH RECURSIVE x AS (SELECT 1 AS a UNION ALL SELECT a + 1 FROM x WHERE a < 3) SELECT * FROM x',
  "SELECT 'x' AS format, 1 AS settings FROM system.one ORDER BY format FORMAT TSV",
  'SELECT format FROM (SELECT 1 AS format)',
  'SELECT b.x FROM (SELECT 1 AS a) a LEFT JOIN (SELECT 1 AS a, 2 AS x) b USING a SETTINGS join_use_nulls = 1',
  'SELECT b.x FROM (SELECT 1 AS a) a LEFT JOIN (SELECT 1 AS a, 2 AS x) b USING a FORMAT TSV SETTINGS join_use_nulls = 1',
  '(SELECT b.x FROM (SELECT 1 AS a) a LEFT JOIN (SELECT 1 AS a, 2 AS x) b USING a) SETTINGS join_use_nulls = 1',
  'SELECT number, count() AS c FROM numbers(3) GROUP BY ALL WITH TOTALS',
  "SELECT $$;)$$ AS a, ')' AS `b)`",
  'SELECT 1 AS a LIMIT 1 BY a',
  'SELECT dummy FROM system.one ORDER BY dummy DESC FORMAT CSV',
  'SELECT count() AS a FROM system.one GROUP BY dummy WITH TOTALS FORMAT CSV',
  'SELECT * FROM system.one ORDER BY 1 LIMIT 1 WITH TIES FORMAT CSV',
  'SELECT {p:UInt8} AS a',
];

describe('describableSelect against DESCRIBE TABLE view(…)', () => {
  const engine = useEngine();

  for (const sql of STATEMENTS) {
    it(JSON.stringify(sql), async () => {
      const copy = describableSelect(sql);
      assert.ok(copy);
      const described = await ask(engine(), `DESCRIBE TABLE view(${copy}) FORMAT TSV`, {
        param_p: '1',
      });
      assert.ok(described.ok, described.text);
      const columns = described.text.split('\n').filter(Boolean);
      const run = await ask(engine(), copy, {
        param_p: '1',
        default_format: 'JSONCompact',
      });
      assert.ok(run.ok, run.text);
      const { meta } = JSON.parse(run.text) as { meta: { name: string; type: string }[] };
      assert.deepEqual(
        columns.map((line) => line.split('\t').slice(0, 2)),
        meta.map(({ name, type }) => [name, type]),
      );
    });
  }

  it('sees settings that change a type, wherever they stand', async () => {
    const join = 'SELECT b.x FROM (SELECT 1 AS a) a LEFT JOIN (SELECT 1 AS a, 2 AS x) b USING a';
    for (const sql of [
      `${join} SETTINGS join_use_nulls = 1`,
      `${join} FORMAT TSV SETTINGS join_use_nulls = 1`,
      `(${join}) SETTINGS join_use_nulls = 1 FORMAT TSV`,
    ]) {
      const copy = describableSelect(sql) ?? '';
      const answer = await ask(engine(), `DESCRIBE TABLE view(${copy}) FORMAT TSV`);
      assert.match(answer.text, /^x\tNullable\(UInt8\)/, sql);
    }
  });
});
