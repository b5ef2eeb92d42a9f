import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { copyText } from '../../../src/core/arrow/copy/copyText.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { zoneOffsets } from '../../../src/core/types/format/tableZones.ts';
import { decodeWindow } from '../../../webview/grid/decodeWindow.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { NASTY_AS_TEXT, NASTY_IN_ARROW } from './nastyCases.ts';
import {
  IN_ARROW,
  NOT_IN_ARROW,
  SCALARS,
  TYPE_SETTINGS,
  WRAPPED,
  WRAPPED_SCALAR,
} from './typeCases.ts';

/** The bytes that a cell's text stands for, one character each: a byte that is no UTF-8 shows as `\\xHH`. */
function bytesOf(text: string): string {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/\\x([89A-F][0-9A-F])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
}

/** The cells of one line of CSV, without their quotes. */
function csvCells(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, bare = '']) => quoted?.replaceAll('""', '"') ?? bare,
  );
}

/** As one cell of the grid is one cell of the file. */
const CSV_SETTINGS = {
  ...TYPE_SETTINGS,
  output_format_csv_serialize_tuple_into_separate_columns: 0,
};

interface Checked {
  readonly encoding: 'arrow' | 'text';
  /** What the engine prints. */
  readonly expected: readonly string[];
  readonly clause?: string;
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

  async function load(
    value: string,
    expressions: readonly string[],
    formatClause = '',
  ): Promise<LoadedResult> {
    const list = expressions.map((expression, i) => `${expression} AS c${i}`).join(', ');
    return loadResult({
      source: client,
      sql: `SELECT ${list} FROM (SELECT ${value} AS v) ${formatClause}`,
      spoolPath: join(folder, 'result.arrow'),
      gridSettings,
      zones,
      request: { settings: TYPE_SETTINGS },
    });
  }

  const contextOf = ({ timeZone, tables }: LoadedResult) => ({
    timeZone,
    zones: zoneOffsets(tables),
  });

  async function shown(result: LoadedResult): Promise<{ text: string; isNull: boolean }[]> {
    const columns = result.columns.map((_, i) => i);
    const ipc = await result.spool.readWindow({ firstRow: 0, rows: 1, columns });
    const { readers } = decodeWindow(ipc, result.columns, contextOf(result));
    return readers.map((reader) => {
      const cell = reader(0);
      assert.equal(cell.problem, undefined);
      return { text: cell.isNull ? '\\N' : bytesOf(cell.text), isNull: cell.isNull };
    });
  }

  async function copied(
    result: LoadedResult,
    format: 'tsv' | 'csv',
    columns: number[],
  ): Promise<string> {
    const copy = await copyText({
      columns: result.columns,
      context: contextOf(result),
      blocks: [{ rows: [{ first: 0, last: 0 }], columns }],
      format,
      header: false,
      read: (firstRow, rows, asked) => result.spool.readWindow({ firstRow, rows, columns: asked }),
      most: Infinity,
      signal: new AbortController().signal,
    });
    assert.ok(copy.kind === 'text');
    return copy.text;
  }

  /** In the grid, cell by cell on the clipboard, and as a line of CSV. */
  async function check(
    value: string,
    expressions: readonly string[],
    { encoding, expected, clause = '' }: Checked,
  ): Promise<void> {
    const result = await load(value, expressions, clause);
    try {
      for (const column of result.columns) assert.equal(column.encoding, encoding, column.type);
      const cells = await shown(result);
      assert.deepEqual(
        cells.map(({ text }) => text),
        expected,
      );
      const columns = result.columns.map((_, i) => i);
      const copies = await Promise.all(columns.map((column) => copied(result, 'tsv', [column])));
      assert.deepEqual(
        copies.map(bytesOf),
        cells.map(({ text, isNull }) => (isNull ? 'NULL' : text)),
      );
      const csv = bytesOf(await copied(result, 'csv', columns));
      // Of a text nobody can tell whether it was a number of a Variant, and QBit is broken in ClickHouse's CSV.
      if (encoding === 'text') assert.deepEqual(csvCells(csv), expected);
      else assert.equal(csv, await ask(value, expressions.join(', '), 'CSV'));
    } finally {
      await result.spool.dispose();
    }
  }

  async function printed(value: string, expressions: readonly string[]): Promise<string[]> {
    return Promise.all(expressions.map((expression) => ask(value, expression, 'TSVRaw')));
  }

  async function ask(value: string, list: string, format: string): Promise<string> {
    const sql = `SELECT ${list} FROM (SELECT ${value} AS v)`;
    const reply = await client.rawQuery(sql, { format, settings: CSV_SETTINGS });
    return Buffer.from(reply.bytes).subarray(0, -1).toString('latin1');
  }

  const expressions = ['v', ...WRAPPED];
  for (const value of [...IN_ARROW, ...NASTY_IN_ARROW]) {
    it(value, async () => {
      const expected = await printed(value, expressions);
      await check(value, expressions, { encoding: 'arrow', expected });
      const clause = 'FORMAT TSVWithNamesAndTypes';
      await check(value, expressions, { encoding: 'text', expected, clause });
    });
  }
  for (const value of SCALARS) {
    it(`${value}, Nullable`, async () => {
      const expected = await printed(value, WRAPPED_SCALAR);
      await check(value, WRAPPED_SCALAR, { encoding: 'arrow', expected });
    });
  }
  for (const value of [...NOT_IN_ARROW, ...NASTY_AS_TEXT]) {
    it(`${value}, as text`, async () => {
      const expected = await printed(value, expressions);
      await check(value, expressions, { encoding: 'text', expected });
    });
  }
});
