import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { zoneOffsets } from '../../../src/core/types/format/tableZones.ts';
import { decodeWindow } from '../../../webview/grid/decodeWindow.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { NASTY_AS_TEXT, NASTY_IN_ARROW } from './nastyCases.ts';
import { IN_ARROW, NOT_IN_ARROW, TYPE_SETTINGS, WRAPPED } from './typeCases.ts';

/** The bytes that a cell's text stands for, one character each: a byte that is no UTF-8 shows as `\\xHH`. */
function bytesOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/\\x([89A-F][0-9A-F])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

describe('exact texts of all types, compared with the engine', () => {
  const engine = useEngine();
  let client: Client;
  let gridSettings: GridSettings;
  let zones: ServerZones;
  let folder: string;

  before(async () => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    zones = new ServerZones(client);
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
      zones,
      request: { settings: TYPE_SETTINGS },
    });
    try {
      for (const column of result.columns) assert.equal(column.encoding, encoding, column.type);
      const columns = result.columns.map((_, i) => i);
      const ipc = await result.spool.readWindow({ firstRow: 0, rows: 1, columns });
      const { readers } = decodeWindow(ipc, result.columns, {
        timeZone: result.timeZone,
        zones: zoneOffsets(result.tables),
      });
      return readers.map((reader) => {
        const cell = reader(0);
        assert.equal(cell.problem, undefined);
        return cell.isNull ? '\\N' : bytesOf(cell.text);
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
        return Buffer.from(reply.bytes).subarray(0, -1).toString('latin1');
      }),
    );
  }

  const expressions = ['v', ...WRAPPED];
  for (const value of [...IN_ARROW, ...NASTY_IN_ARROW]) {
    it(value, async () => {
      const expected = await printed(value, expressions);
      assert.deepEqual(await shown(value, expressions, 'arrow'), expected);
      const asText = await shown(value, expressions, 'text', 'FORMAT TSVWithNamesAndTypes');
      assert.deepEqual(asText, expected);
    });
  }
  for (const value of [...NOT_IN_ARROW, ...NASTY_AS_TEXT]) {
    it(`${value}, as text`, async () => {
      const expected = await printed(value, expressions);
      assert.deepEqual(await shown(value, expressions, 'text'), expected);
    });
  }
});
