import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { spoolQuery, type SpoolClauses } from '../../../src/core/arrow/spool/spoolQuery.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts, NULL } from './resultReader.ts';
import { IN_ARROW, NOT_IN_ARROW, TYPE_SETTINGS, WRAPPED } from './typeCases.ts';

describe('a result as a table of the local engine, for all types', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  let count = 0;

  before(() => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
  });
  afterEach(async () => {
    assert.deepEqual(await readdir(folder()), [], 'files left behind');
  });
  after(() => client.close());

  const place = (): string => join(folder(), `${count++}.arrows`);

  async function readBack(result: LoadedResult, clauses: SpoolClauses): Promise<LoadedResult> {
    await using table = await SpoolTable.open({ ...result, engine: client });
    return await spoolQuery(table, clauses, { source: client, spoolPath: place(), gridSettings });
  }

  /** What the engine says the text of each cell is: `where` by it must find the row. */
  async function foundByText(result: LoadedResult): Promise<string[]> {
    await using table = await SpoolTable.open({ ...result, engine: client });
    const texts = table.columns.map(({ text }) => text);
    const reply = await client.rawQuery(
      `SELECT ${texts.map((text) => `hex(${text})`).join(', ')} FROM ${table.from}`,
      { format: 'JSONCompactEachRow', settings: table.settings },
    );
    const row = JSON.parse(reply.text()) as (string | null)[];
    return row.map((text) => (text === null ? 'NULL' : Buffer.from(text, 'hex').toString()));
  }

  const expressions = ['v', ...WRAPPED];
  for (const value of [...IN_ARROW, ...NOT_IN_ARROW]) {
    for (const format of ['', ' FORMAT TSVWithNamesAndTypes']) {
      if (format !== '' && NOT_IN_ARROW.includes(value)) continue;
      it(`${value}${format}`, async () => {
        const list = expressions.map((expression, i) => `${expression} AS c${i}`).join(', ');
        const result = await loadResult({
          source: client,
          sql: `SELECT ${list} FROM (SELECT ${value} AS v)${format}`,
          spoolPath: place(),
          gridSettings,
          request: { settings: TYPE_SETTINGS },
        });
        await using spool = result.spool;
        assert.equal(spool.complete, true);
        const again = await readBack(result, {});
        await using newSpool = again.spool;
        assert.equal(newSpool.rows, 1);
        const [expected = []] = await cellTexts(result);
        assert.deepEqual(await cellTexts(again), [expected]);
        assert.deepEqual(again.columns, result.columns);
        const texts = await foundByText(result);
        // The engine's text has the bytes themselves where a cell shows those that are no UTF-8 as `\\xHH`.
        const shown = expected.map((text) =>
          text === NULL ? 'NULL' : text.replaceAll(/\\x[0-9A-F]{2}/g, '\uFFFD'),
        );
        assert.deepEqual(texts, shown);
      });
    }
  }
});
