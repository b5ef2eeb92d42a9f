import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { openWindow } from '../../unit/arrow/windowCells.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { IN_ARROW, NOT_IN_ARROW, TYPE_SETTINGS, WRAPPED } from './typeCases.ts';

describe('exact texts of all types, compared with the engine', () => {
  const engine = useEngine();
  let client: Client;
  let gridSettings: GridSettings;
  let folder: string;

  before(async () => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-types-'));
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });

  async function shown(
    value: string,
    expressions: readonly string[],
    encoding: 'arrow' | 'text',
    formatClause = '',
  ): Promise<string[]> {
    const list = expressions.map((expression, i) => `${expression} AS c${i}`).join(', ');
    const result = await loadResult({
      source: client,
      sql: `SELECT ${list} FROM (SELECT ${value} AS v) ${formatClause}`,
      spoolPath: join(folder, 'result.arrow'),
      gridSettings,
      request: { settings: TYPE_SETTINGS },
    });
    try {
      for (const column of result.columns) assert.equal(column.encoding, encoding, column.type);
      const columns = result.columns.map((_, i) => i);
      const ipc = await result.spool.readWindow({ firstRow: 0, rows: 1, columns });
      const cells = openWindow(ipc, result.columns, { timeZone: result.timeZone });
      return columns.map((column) => {
        const cell = cells.cell(0, column);
        return cell.isNull ? '\\N' : cell.text;
      });
    } finally {
      await result.spool.dispose();
    }
  }

  async function printed(value: string, expressions: readonly string[]): Promise<string[]> {
    return Promise.all(
      expressions.map(async (expression) => {
        const sql = `SELECT ${expression} FROM (SELECT ${value} AS v)`;
        const reply = await client.rawQuery(sql, { format: 'TSVRaw', settings: TYPE_SETTINGS });
        return reply.text().slice(0, -1);
      }),
    );
  }

  const expressions = ['v', ...WRAPPED];
  for (const value of IN_ARROW) {
    it(value, async () => {
      const expected = await printed(value, expressions);
      assert.deepEqual(await shown(value, expressions, 'arrow'), expected);
      const asText = await shown(value, expressions, 'text', 'FORMAT TSVWithNamesAndTypes');
      assert.deepEqual(asText, expected);
    });
  }
  for (const value of NOT_IN_ARROW) {
    it(`${value}, as text`, async () => {
      const expected = await printed(value, expressions);
      assert.deepEqual(await shown(value, expressions, 'text'), expected);
    });
  }
});
