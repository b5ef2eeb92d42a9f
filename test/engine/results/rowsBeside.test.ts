import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import {
  loadResult,
  type LoadedResult,
  type LoadOptions,
} from '../../../src/core/arrow/spool/loadResult.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, NULL } from './resultReader.ts';

describe('totals and extremes of a result', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  const loaded: LoadedResult[] = [];

  before(() => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
  });
  afterEach(async () => {
    for (const result of loaded.splice(0)) await result.spool.dispose();
  });
  after(() => client.close());

  async function load(sql: string, more: Partial<LoadOptions> = {}): Promise<LoadedResult> {
    const spoolPath = join(folder(), `${loaded.length}.arrow`);
    const result = await loadResult({ source: client, sql, spoolPath, gridSettings, ...more });
    loaded.push(result);
    return result;
  }

  /** Rows, totals and extremes are those that the engine's own JSON tells apart. */
  async function assertAsJson(
    source: LoadOptions['source'],
    sql: string,
    more: Partial<LoadOptions> = {},
  ): Promise<void> {
    const result = await load(sql, { source, ...more });
    const reply = await source.rawQuery(sql, { format: 'JSONCompactStrings' });
    const json = JSON.parse(reply.text()) as {
      rows: number;
      meta: { type: string }[];
      data: string[][];
      totals?: string[];
      extremes?: { min: string[]; max: string[] };
    };
    assert.equal(result.complete, true);
    assert.equal(result.spool.rows, json.rows, sql);
    if (json.meta.length === 1 && !json.meta[0]?.type.startsWith('Aggregate')) {
      const rows = json.data.map(([cell]) => [cell === 'ᴺᵁᴸᴸ' ? NULL : cell]);
      assert.deepEqual(await cellTexts(result), rows, sql);
    }
    const expected = [json.totals, json.extremes?.min, json.extremes?.max].filter(Boolean);
    const told = result.beside.map(({ texts: cells }) => cells.map((text) => text ?? 'ᴺᵁᴸᴸ'));
    assert.deepEqual(told, expected, sql);
  }

  it('has the totals and extremes of a statement beside its rows, as JSON has them', async () => {
    const totals =
      "SELECT if(number % 3 = 0, NULL, number % 3) AS k, sum(number) AS s, [toString(max(number)), '\\t'] AS a FROM numbers(100) GROUP BY k WITH TOTALS ORDER BY k";
    const statements = [
      totals,
      'SELECT count() AS c FROM numbers(100) GROUP BY number % 3 WITH TOTALS ORDER BY c',
      `${totals} SETTINGS extremes = 1`,
      'SELECT number AS n, toString(number) AS s FROM numbers(3) SETTINGS extremes = 1',
      `SELECT * FROM (${totals}) WHERE s > 1633`,
      `SELECT sum(s) FROM (${totals})`,
      `SELECT k, s, quantileState(s) OVER () AS state FROM (${totals})`,
      `SELECT countState() AS u FROM numbers(10) GROUP BY number % 2 WITH TOTALS`,
      `SELECT groupArray(number) AS a FROM numbers(10) GROUP BY number % 2 WITH TOTALS`,
      // One column of texts: an empty one is no line before the totals.
      "SELECT '' AS s FROM numbers(3) GROUP BY number WITH TOTALS",
      "SELECT '' AS s FROM (SELECT number FROM numbers(3) GROUP BY number WITH TOTALS) ORDER BY number",
      "SELECT arrayElement([NULL, '', '\\\\N', 'a\"\\'\\n\\t\\\\', '\\r'], number) AS s FROM numbers(1, 5) GROUP BY s WITH TOTALS SETTINGS extremes = 1",
      'SELECT toNullable(max(number)) AS m FROM numbers(9) GROUP BY number % 3 WITH TOTALS',
      "SELECT CAST('' AS Enum('' = 1)) AS e FROM numbers(3) GROUP BY number WITH TOTALS",
      "SELECT toLowCardinality('') AS l FROM numbers(3) GROUP BY number WITH TOTALS",
      'SELECT toNullable(max(today() + number)) AS d FROM numbers(9) GROUP BY number % 3 WITH TOTALS',
    ];
    for (const sql of statements) await assertAsJson(client, sql);
  });

  it('has them beside its rows, too, in a session that was made read-only', async () => {
    const session = client.session();
    const sessionSettings = [{ name: 'readonly', value: '1' }];
    try {
      await session.command('SET readonly = 1');
      for (const sql of [
        'SELECT toString(number % 3) AS s FROM numbers(9) GROUP BY s WITH TOTALS ORDER BY s',
        "SELECT '' AS s FROM numbers(3) GROUP BY number WITH TOTALS",
        'SELECT toNullable(max(number)) AS m FROM numbers(9) GROUP BY number % 3 WITH TOTALS ORDER BY m',
        "SELECT arrayElement([NULL, '', 'a'], number) AS s FROM numbers(1, 3) GROUP BY s WITH TOTALS ORDER BY s",
        "SELECT number % 3 AS k, ('a', any(number))::Tuple(a String, `b\n c` UInt64) AS t FROM numbers(9) GROUP BY k WITH TOTALS ORDER BY k",
      ]) {
        await assertAsJson(session, sql, { sessionSettings });
      }
      // The server prints this over several lines, unless told otherwise.
      const sql = "SELECT CAST((1, 1), 'Tuple(a UInt8, `b\n c` Enum8(\\'a,\n b\\' = 1))') AS t";
      const result = await load(sql, { source: session });
      const reply = await client.rawQuery(sql, { format: 'JSONCompact' });
      const { meta } = JSON.parse(reply.text()) as { meta: { type: string }[] };
      assert.equal(result.columns[0]?.type, meta[0]?.type);
      assert.equal(result.columns[0]?.encoding, 'arrow');
    } finally {
      await session.close();
    }
  });

  it('shows NULLs of a read-only session as rows where their text in CSV is empty', async () => {
    const session = client.session();
    const sessionSettings = [
      { name: 'format_csv_null_representation', value: '' },
      { name: 'readonly', value: '1' },
    ];
    try {
      await session.command("SET format_csv_null_representation = ''");
      await session.command('SET readonly = 1');
      const sql =
        'SELECT CAST(NULL AS Nullable(UInt8)) AS n FROM numbers(2) GROUP BY number WITH TOTALS';
      const result = await load(sql, { source: session, sessionSettings });
      assert.deepEqual(await cellTexts(result), [[NULL], [NULL]]);
    } finally {
      await session.close();
    }
  });

  it('has the extremes of SHOW statements beside their names', async () => {
    const user = createClient({ ...engine(), settings: { extremes: 1 } });
    try {
      for (const sql of [
        'SHOW DATABASES',
        "SHOW TABLES FROM system LIKE '%s'",
        'SHOW TEMPORARY TABLES',
        'SHOW FULL TABLES FROM system',
        'SHOW DICTIONARIES',
        'SHOW CLUSTERS',
        'SHOW SETTING format_csv_null_representation',
        'SHOW USERS',
        'SHOW ROLES',
        'SHOW PROFILES',
        'SHOW POLICIES',
        'SHOW QUOTAS',
        "SHOW SETTINGS LIKE 'max_block_size'",
        'EXPLAIN SELECT number FROM numbers(3)',
      ]) {
        await assertAsJson(user, sql, { gridSettings: new GridSettings(user) });
      }
    } finally {
      await user.close();
    }
  });

  it('has the extremes that a user has by the profile, unless the session says otherwise', async () => {
    const user = createClient({ ...engine(), settings: { extremes: 1 } });
    const session = user.session();
    try {
      const sql = 'SELECT number AS n FROM numbers(3)';
      const gridSettings = new GridSettings(user);
      const { beside } = await load(sql, { source: user, gridSettings });
      assert.deepEqual(
        beside.map(({ kind, texts: cells }) => [kind, ...cells]),
        [
          ['minimum', '0'],
          ['maximum', '2'],
        ],
      );
      const off = { name: 'extremes', value: '0' };
      const without = await load(sql, { source: session, gridSettings, sessionSettings: [off] });
      assert.equal(without.columns[0]?.encoding, 'arrow');
    } finally {
      await session.close();
      await user.close();
    }
  });
});
