import assert from 'node:assert/strict';
import { join } from 'node:path';
import { copyText } from '../../../src/core/arrow/copy/copyText.ts';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import {
  loadResult,
  type LoadedResult,
  type LoadOptions,
} from '../../../src/core/arrow/spool/loadResult.ts';
import type { QuerySource } from '../../../src/core/arrow/spool/querySource.ts';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { spoolQuery } from '../../../src/core/arrow/spool/spoolQuery.ts';
import { SpoolTable } from '../../../src/core/arrow/spool/spoolTable.ts';
import { findRows } from '../../../src/core/arrow/spool/view/findRows.ts';
import { viewClauses } from '../../../src/core/arrow/spool/view/viewClauses.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client, Settings } from '../../../src/core/client/surface.ts';
import { parseType } from '../../../src/core/types/parseType.ts';
import { supportsArrow } from '../../../src/core/types/supportsArrow.ts';
import { zoneOffsets } from '../../../src/core/types/format/tableZones.ts';
import type { CopyFormat } from '../../../src/shared/gridCommand.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { NASTY_AS_TEXT, NASTY_IN_ARROW } from './nastyCases.ts';
import { cellTexts, NULL } from './resultReader.ts';
import { IN_ARROW, NOT_IN_ARROW, TYPE_SETTINGS, WRAPPED } from './typeCases.ts';

type Printing = Readonly<Record<string, string | number>>;

const ISO = { date_time_output_format: 'iso' };
const UNIX = { date_time_output_format: 'unix_timestamp' };
const WORDS = { bool_true_representation: "it's", bool_false_representation: 'no\tway' };
const NOTHING = 'nothing';
const ZEROS = { output_format_decimal_trailing_zeros: 1 };

const MATRIX: readonly Printing[] = [
  { ...ISO, ...WORDS, ...ZEROS },
  UNIX,
  {
    interval_output_format: 'kusto',
    date_time_64_output_format_cut_trailing_zeros_align_to_groups_of_thousands: 1,
    output_format_always_write_decimal_point_in_float_and_decimal: 1,
    output_format_trim_fixed_string: 1,
    output_format_json_quote_64bit_integers: 1,
    output_format_json_escape_forward_slashes: 0,
    output_format_json_named_tuples_as_objects: 0,
    output_format_json_map_as_array_of_tuples: 1,
    format_tsv_null_representation: NOTHING,
    output_format_tsv_crlf_end_of_line: 1,
  },
  {
    output_format_values_escape_quote_with_quote: 1,
    output_format_float_precision: 3,
    output_format_json_skip_null_value_in_named_tuples: 1,
  },
];

/** The server prints 0.+00 for it; here it is -0.500. */
const BROKEN_AS_TIMESTAMP = ["toDateTime64('1969-12-31 23:59:59.5', 3, 'UTC')"];

const SEPARATOR = '<|>';

/** The bytes that a cell's text stands for: a byte that is no UTF-8 shows as `\\xHH`. */
const bytesOf = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/\\x([89A-F][0-9A-F])/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );

describe('texts under settings that change them, compared with the engine', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let gridSettings: GridSettings;
  let zones: ServerZones;
  let count = 0;
  const open: AsyncDisposable[] = [];

  before(() => {
    client = createClient(engine());
    gridSettings = new GridSettings(client);
    zones = new ServerZones(client);
  });
  afterEach(async () => {
    for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
  });
  after(() => client.close());

  const place = (): string => join(folder(), `${count++}.arrows`);

  async function load(sql: string, options: Partial<LoadOptions> = {}): Promise<LoadedResult> {
    const result = await loadResult({
      source: client,
      sql,
      spoolPath: place(),
      gridSettings,
      zones,
      ...options,
    });
    open.push(result.spool);
    assert.equal(result.error, undefined);
    return result;
  }

  /** One row, cell by cell, as TSVRaw prints it. */
  async function printed(sql: string, settings: Settings): Promise<string[]> {
    const { bytes } = await client.rawQuery(sql, {
      format: 'CustomSeparated',
      settings: {
        ...TYPE_SETTINGS,
        ...settings,
        format_custom_escaping_rule: 'Raw',
        format_custom_field_delimiter: SEPARATOR,
        format_custom_row_after_delimiter: '',
      },
    });
    return Buffer.from(bytes).toString('latin1').split(SEPARATOR);
  }

  /** The cells of one row under settings, checked against the engine's. */
  async function check(
    values: readonly string[],
    expressions: readonly string[],
    { settings, encoding }: { settings: Printing; encoding: 'arrow' | 'text' },
  ): Promise<void> {
    for (let from = 0; from < values.length; from += 25) {
      const chunk = values.slice(from, from + 25);
      const list = chunk.flatMap((_, i) =>
        expressions.map(
          (expression, at) => `${expression.replace(/\bv\b/g, `v${i}`)} AS c${i}_${at}`,
        ),
      );
      const inner = chunk.map((value, i) => `${value} AS v${i}`).join(', ');
      const sql = `SELECT ${list.join(', ')} FROM (SELECT ${inner})`;
      const result = await load(sql, { request: { settings: { ...TYPE_SETTINGS, ...settings } } });
      const [cells = []] = await cellTexts(result);
      const nullText = 'format_tsv_null_representation' in settings ? NOTHING : '\\N';
      const shown = cells.map((text) => (text === NULL ? nullText : bytesOf(text)));
      assert.deepEqual(shown, await printed(sql, settings));
      const encodings = result.columns.map((column) => column.encoding);
      assert.deepEqual([...new Set(encodings)], [encoding]);
    }
  }

  /** Which of the values come as Arrow under the settings. */
  async function split(values: readonly string[], settings: Printing): Promise<string[][]> {
    const list = values.map((value) => `toTypeName(${value})`).join(', ');
    const reply = await client.rawQuery(`SELECT [${list}]`, {
      format: 'JSONCompact',
      settings: { ...TYPE_SETTINGS, print_pretty_type_names: 0 },
    });
    const [[types = []] = []] = (JSON.parse(reply.text()) as { data: string[][][] }).data;
    const changed = Object.entries(settings).map(([name, value]) => ({
      name,
      value: String(value),
    }));
    const isArrow = types.map((type) => supportsArrow(parseType(type), changed));
    return [true, false].map((wanted) => values.filter((_, i) => isArrow[i] === wanted));
  }

  for (const settings of MATRIX) {
    it(`all types under ${Object.keys(settings).join(', ')}`, async () => {
      const values = [...IN_ARROW, ...NASTY_IN_ARROW, ...NOT_IN_ARROW, ...NASTY_AS_TEXT];
      const [arrow = [], text = []] = await split(
        values.filter((value) => settings !== UNIX || !BROKEN_AS_TIMESTAMP.includes(value)),
        settings,
      );
      assert.ok(arrow.length > 50, `${arrow.length} as Arrow`);
      await check(arrow, ['v'], { settings, encoding: 'arrow' });
      const isAlike = !('output_format_values_escape_quote_with_quote' in settings);
      await check(arrow, WRAPPED, { settings, encoding: isAlike ? 'arrow' : 'text' });
      await check(text, ['v', ...WRAPPED], { settings, encoding: 'text' });
    }).timeout(60_000);
  }

  const TIME = 'SELECT toDateTime(1700000000) AS t, true AS b';
  const ISO_TEXT = '2023-11-14T22:13:20Z';

  /** How often the server was asked something besides the run itself. */
  function counted(source: QuerySource): { source: QuerySource; asked: string[] } {
    const asked: string[] = [];
    return {
      asked,
      source: {
        rawQuery: (sql, options) => {
          asked.push(sql);
          return source.rawQuery(sql, options);
        },
        rawStream: (sql, options) => source.rawStream(sql, options),
      },
    };
  }

  it('are those of the statement', async () => {
    const clause = `SETTINGS date_time_output_format = 'iso', bool_true_representation = 'yes'`;
    for (const [sql, texts] of [
      [`${TIME} ${clause}`, [ISO_TEXT, 'yes']],
      [`${TIME} ${clause} -- end\n;`, [ISO_TEXT, 'yes']],
      [`${TIME} UNION ALL SELECT * FROM (${TIME}) WHERE 0 ${clause}`, [ISO_TEXT, 'yes']],
      // Settings of a part of a statement, and of any but the last SELECT of a union, are not the output's.
      [`SELECT * FROM (${TIME} ${clause})`, undefined],
      [`${TIME} ${clause} UNION ALL SELECT * FROM (${TIME}) WHERE 0`, undefined],
      [`(${TIME} ${clause})`, undefined],
      [`(${TIME}) UNION ALL (SELECT * FROM (${TIME}) WHERE 0 ${clause})`, undefined],
      [`(${TIME} ${clause}) UNION ALL (SELECT * FROM (${TIME}) WHERE 0)`, undefined],
      [`(${TIME} UNION ALL (SELECT * FROM (${TIME}) WHERE 0 ${clause}))`, undefined],
      [`(${TIME}) UNION ALL (SELECT * FROM (${TIME}) WHERE 0) ${clause}`, undefined],
      [`(${TIME}) ${clause}`, undefined],
      [`${TIME} FORMAT ArrowStream ${clause}`, undefined],
      [`SELECT toDateTime(1700000000) AS settings, settings AS date_time_output_format`, undefined],
    ] as const) {
      const [cells] = await cellTexts(await load(sql));
      const expected = texts ?? (await printed(sql.replace('ArrowStream', 'CustomSeparated'), {}));
      assert.deepEqual(cells, expected, sql);
    }
  });

  it('have what settings change within typed paths of JSON', async () => {
    const type = 'JSON(t Tuple(x UInt8, y Nullable(UInt8)), m Map(String, UInt8))';
    for (const setting of [
      'output_format_json_named_tuples_as_objects = 0',
      'output_format_json_skip_null_value_in_named_tuples = 1',
      'output_format_json_map_as_array_of_tuples = 1',
    ]) {
      const sql = `SELECT '{"t": {"x": 1}, "m": {"k": 5}}'::${type} AS j SETTINGS ${setting}`;
      assert.deepEqual(await cellTexts(await load(sql)), [await printed(sql, {})], setting);
    }
  });

  it('are those of the session, asked for once', async () => {
    const session = client.session();
    try {
      await session.command("SET date_time_output_format = 'iso'");
      const { source, asked } = counted(session);
      const sessionSettings = session.holds.settings;
      for (let i = 0; i < 2; i++) {
        const [cells] = await cellTexts(await load(TIME, { source, sessionSettings }));
        assert.deepEqual(cells, [ISO_TEXT, 'true']);
      }
      assert.equal(asked.filter((sql) => sql.includes('system.settings')).length, 1);
      await session.command(
        "SET date_time_output_format = DEFAULT, bool_true_representation = 'on'",
      );
      for (const more of ['', 'SET limit = 1', 'SET max_result_rows = 3']) {
        if (more !== '') await session.command(more);
        await session.command(`SET bool_false_representation = 'off${more}'`);
        const sessionSettings = session.holds.settings;
        const [cells] = await cellTexts(await load(TIME, { source, sessionSettings }));
        assert.deepEqual(cells, ['2023-11-14 22:13:20', 'on'], more);
      }
    } finally {
      await session.close();
    }
  });

  it('are those of the connection, and no request is sent for them', async () => {
    const user = createClient({ ...engine(), settings: ISO });
    try {
      const settings = new GridSettings(user);
      await settings.forDescribe();
      const { source, asked } = counted(user);
      const result = await load(TIME, { source, gridSettings: settings });
      assert.deepEqual(await cellTexts(result), [[ISO_TEXT, 'true']]);
      assert.equal(asked.length, 1, asked.join('\n'));
    } finally {
      await user.close();
    }
  });

  const ROWS = `SELECT
    toDateTime(1604210399 + i * 86400, 'America/New_York') AS t,
    toDateTime64(-1.5 + i * 2, 3, 'Asia/Tokyo') AS t3,
    toDateTime64(toDecimal64(i, 9) / 7, 9, 'UTC') AS t9,
    toDateTime(1000 + i, 'UTC') AS early,
    i % 2 = 0 AS b,
    toDecimal64(i, 3) / 2 AS d,
    [toDateTime(i * 7, 'UTC')] AS a,
    (1, map('k', toNullable(toDateTime64(i * 7 - 14, 1, 'UTC')))) AS n,
    toIntervalHour(i) AS h,
    toNullable(toFloat64(i)) AS f
    FROM (SELECT arrayJoin(range(6)) AS i)`;

  for (const settings of [{}, { ...ISO, ...WORDS, ...ZEROS }, UNIX, MATRIX[2] ?? {}]) {
    for (const clause of ['', ' FORMAT TSVWithNamesAndTypes']) {
      const under = Object.keys(settings).join(', ') || 'the defaults';
      it(`filters, finds and sorts by the texts that are shown, under ${under}${clause}`, async () => {
        const result = await load(ROWS + clause, { request: { settings } });
        const texts = await cellTexts(result);
        const table = await SpoolTable.open({ ...result, engine: client });
        open.push(table);
        for (const [column, { name }] of result.columns.entries()) {
          for (const row of texts) {
            const text = String(row[column]);
            const filters = [{ column, operator: 'equal' as const, values: [text] }];
            const kept = await spoolQuery(table, viewClauses(table, { sort: [], filters }), {
              source: client,
              spoolPath: place(),
              gridSettings,
            });
            open.push(kept.spool);
            const same = texts.filter((other) => other[column] === text);
            assert.deepEqual(await cellTexts(kept), same, `${name} = ${text}`);
          }
          const sort = [{ column, direction: 'descending' as const }];
          const sorted = await spoolQuery(table, viewClauses(table, { sort, filters: [] }), {
            source: client,
            spoolPath: place(),
            gridSettings,
          });
          open.push(sorted.spool);
          if (name !== 'b' && name !== 'h') {
            assert.deepEqual(await cellTexts(sorted), [...texts].reverse(), name);
          }
        }
        const needle = String(texts[3]?.[0]);
        const found = await findRows(table, { text: needle, matchCase: true }, client, {});
        assert.equal(found.matches, texts.filter((row) => row.includes(needle)).length);
      }).timeout(20_000);
    }
  }

  it('does not take a number for a time where times are not shown as numbers', async () => {
    const result = await load('SELECT toDateTime(0) AS t');
    await using table = await SpoolTable.open({ ...result, engine: client });
    const filters = [{ column: 0, operator: 'greater' as const, values: ['20241231'] }];
    assert.throws(() => viewClauses(table, { sort: [], filters }), /20241231" is not a time/);
  });

  it('copies what is shown, and SQL that is read under any settings', async () => {
    const sql = 'SELECT true AS b, toDecimal32(1.5, 2) AS d, toDateTime(0) AS t';
    const settings = { ...ISO, ...WORDS, ...ZEROS };
    const result = await load(sql, { request: { settings } });
    const copy = async (format: CopyFormat): Promise<string> => {
      const copied = await copyText({
        columns: result.columns,
        context: { ...result, zones: zoneOffsets(result.tables) },
        blocks: [{ rows: [{ first: 0, last: 0 }], columns: [0, 1, 2] }],
        format,
        header: false,
        most: Infinity,
        signal: new AbortController().signal,
        read: (firstRow, rows, columns) => result.spool.readWindow({ firstRow, rows, columns }),
      });
      assert.ok(copied.kind === 'text');
      return copied.text;
    };
    const asFile = async (format: string): Promise<string> =>
      (await client.rawQuery(sql, { format, settings })).text().trim();
    assert.equal(await copy('csv'), await asFile('CSV'));
    assert.deepEqual(JSON.parse(await copy('json')), [
      JSON.parse(await asFile('JSONCompactEachRow')),
    ]);
    await client.command(
      'CREATE TABLE copied (b Bool, d Decimal32(2), t DateTime) ENGINE = Memory',
    );
    await client.command((await copy('insert')).replace('table_name', 'copied'));
    const read = await client.rawQuery('SELECT * FROM copied', { format: 'CSV', settings });
    assert.equal(read.text().trim(), await asFile('CSV'));
    await client.command('DROP TABLE copied');
  });
});
