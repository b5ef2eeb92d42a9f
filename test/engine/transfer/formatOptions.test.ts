import assert from 'node:assert/strict';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isUsageError } from '../../../src/core/client/errors.ts';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client, SaveOptions, Settings } from '../../../src/core/client/surface.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import {
  formatOptions,
  formatOutput,
  formatPresets,
  optionProblem,
  optionSettingNames,
} from '../../../src/core/transfer/formatOptions.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import { requireFurtherRows } from '../../../src/core/transfer/furtherRows.ts';
import type {
  FormatChoices,
  FormatOption,
  OptionValue,
} from '../../../src/core/transfer/options/formatOption.ts';
import { resolveEscapes } from '../../../src/core/transfer/options/escapes.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

/** One row on which every option has something to change. */
const ROW = `SELECT 1 AS a, toDateTime64('2020-01-02 03:04:05.5', 3, 'Europe/Berlin') AS d, CAST(NULL, 'Nullable(UInt8)') AS n,
  toUInt64(7) AS u, toDecimal64(1.5, 4) AS dec, nan AS na, 1.5 AS f, tuple(1, 'b')::Tuple(x UInt8, y String) AS t,
  'a/b"c''_d' AS s, toLowCardinality('low') AS l FROM numbers(3)`;
const SPECIAL_ROWS: Readonly<Record<string, string>> = {
  // Narrow: few rows of many columns are written as Vertical does.
  Pretty: `SELECT a, t, d, dec FROM (${ROW})`,
  MsgPack: "SELECT toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS id",
};
const COLUMNS_OF_TEMPLATE = '${a:CSV} ${s:JSON} ${d:Escaped}';
/** Changed by its own test, since it begins with random bytes or needs more rows. */
const TESTED_APART = new Set([
  'Avro compression',
  'Avro strings',
  'Parquet rowGroupRows',
  'SQLInsert rowsPerStatement',
]);

/** Limits as a server has them; the local engine lifts them by itself. */
const LIMITED: Settings = {
  output_format_pretty_max_rows: 1000,
  output_format_pretty_max_value_width: 10000,
};
const SCHEMALESS = FORMATS.filter(({ output, needsSchema }) => output && !needsSchema);

/** Formats that hold no rows. */
const NO_ROWS = new Set(['Null', 'Hash']);
/** So that values can be looked for in the bytes. */
const PLAIN_COLUMNS: Settings = {
  output_format_parquet_compression_method: 'none',
  output_format_parquet_max_dictionary_size: 0,
  output_format_arrow_compression_method: 'none',
  output_format_orc_compression_method: 'none',
  output_format_avro_codec: 'null',
};

describe('format options on a server', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  const ask = async (sql: string, format: string, settings: Settings = {}): Promise<Buffer> =>
    Buffer.from((await client.rawQuery(sql, { format, settings })).bytes);
  const value = async (sql: string): Promise<string> =>
    (await client.rawQuery(sql, { format: 'TSVRaw' })).text().replace(/\n$/, '');

  it('have the names and defaults of system.settings', async () => {
    const rows = (await ask('SELECT name, default FROM system.settings', 'JSONCompactEachRow'))
      .toString()
      .trim()
      .split('\n');
    const defaults = new Map(rows.map((row) => JSON.parse(row) as [string, string]));
    for (const { name: format } of FORMATS) {
      for (const name of optionSettingNames(format)) assert.ok(defaults.has(name), name);
      for (const option of formatOptions(format)) {
        if (option.setting === undefined) continue;
        const [known] = formatOptions(format, defaults).filter(({ id }) => id === option.id);
        assert.equal(known?.default, option.default, `${format} ${option.setting}`);
      }
    }
  });

  for (const { name: format } of FORMATS.filter(({ output }) => output)) {
    const options = formatOptions(format);
    if (options.length === 0) continue;
    it(`all change a file in the format ${format}`, async () => {
      const template = format === 'Template' ? { row: COLUMNS_OF_TEMPLATE } : {};
      const sql = SPECIAL_ROWS[format.replace(/^Pretty(?!JSON).*/, 'Pretty')] ?? ROW;
      const save = async (choices: FormatChoices): Promise<Buffer> => {
        const { format: name, settings, leading } = formatOutput(format, choices);
        const bytes = await ask(sql, name, settings);
        return Buffer.concat([leading ?? Buffer.alloc(0), bytes]);
      };
      const before = await save(template);
      for (const option of options) {
        if (TESTED_APART.has(`${format} ${option.id}`)) continue;
        for (const chosen of otherValues(option)) {
          const after = await save({ ...template, [option.id]: chosen });
          const changed = !withoutTime(after).equals(withoutTime(before));
          assert.ok(changed, `${option.id} = ${chosen} changed nothing`);
        }
      }
    });
  }

  it('write what the labels of the date and time formats show', async () => {
    const [dates] = formatOptions('CSV').filter(({ id }) => id === 'dateTime');
    assert.equal(dates?.kind, 'choice');
    for (const { value: dateTime, label } of dates.values) {
      const { settings } = formatOutput('TSV', { dateTime });
      const sql = "SELECT toDateTime('2024-05-01 12:30:00', 'Europe/Berlin')";
      assert.equal((await ask(sql, 'TSV', settings)).toString().trim(), label.split(',')[0]);
    }
  });

  it('write CSV without quotes whatever the session has SET for CustomSeparated', async () => {
    const sql = `SELECT 1 AS a, 'x"y' AS s, toDate('2024-05-01') AS d, CAST(NULL, 'Nullable(UInt8)') AS n FROM numbers(2)`;
    const held = {
      format_custom_row_before_delimiter: '<',
      format_custom_result_after_delimiter: '>',
    };
    for (const [choices, expected] of [
      [{ quotes: 'none' }, 'a,s,d,n\n' + '1,x"y,2024-05-01,\\N\n'.repeat(2)],
      [
        { quotes: 'none', delimiter: ';', nullText: '', crlf: true, header: 'none' },
        '1;x"y;2024-05-01;\r\n'.repeat(2),
      ],
    ] as const) {
      const { format, settings } = formatOutput('CSVWithNames', choices);
      assert.equal((await ask(sql, format, { ...held, ...settings })).toString(), expected);
    }
  });

  it('refuse CSV without quotes where it would lack rows that CSV has', async () => {
    const sql = 'SELECT number % 2 AS k, count() AS c FROM numbers(7) GROUP BY k';
    const lines = async (statement: string, settings: Settings): Promise<[number, number]> => {
      const count = async (choices: FormatChoices): Promise<number> => {
        const output = formatOutput('CSV', choices);
        const bytes = await ask(statement, output.format, { ...settings, ...output.settings });
        return bytes.toString().match(/[0-9]\n/g)?.length ?? 0;
      };
      return [await count({}), await count({ quotes: 'none' })];
    };
    for (const [statement, extremes, further] of [
      [sql, '0', 0],
      [`${sql} WITH TOTALS`, '0', 1],
      [`SELECT * FROM (${sql} WITH TOTALS)`, '0', 1],
      [sql, '1', 2],
    ] as const) {
      assert.deepEqual(await lines(statement, { extremes }), [2 + further, 2], statement);
      const check = (choices: FormatChoices): void => {
        requireFurtherRows(statement, choices, new Map([['extremes', extremes]]));
      };
      check({});
      const unquoted = { quotes: 'none' };
      if (further === 0) check(unquoted);
      else
        assert.throws(
          () => {
            check(unquoted);
          },
          isUsageError,
          statement,
        );
    }
  });

  it('allow only delimiters with which the server reads its own file back', async () => {
    const sql = `SELECT number - 2 AS i, number / 3 AS f, if(number % 2, NULL, 'x y') AS s, [1, 2] AS arr, toDate(number) AS d,
      toDecimal32(number / 7, 3) AS dec, number = 1 AS b, concat('"', char(number + 32), '\\n') AS q, toIPv4(number) AS ip FROM numbers(100)`;
    await client.command(`CREATE TABLE nasty ENGINE = Memory AS ${sql}`);
    const hash = 'SELECT sum(sipHash64(*)), count() FROM';
    const expected = await value(`${hash} nasty`);
    const [delimiter] = formatOptions('CSV').filter(({ id }) => id === 'delimiter');
    assert.ok(delimiter);
    const typed = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
      .map((character) => ({ '\t': '\\t', '\\': '\\\\' })[character] ?? character)
      .filter((character) => optionProblem(delimiter, character) === undefined);
    for (const common of [',', ';', '\\t', '|']) assert.ok(typed.includes(common));
    for (const character of typed) {
      const path = join(folder(), `d${character.charCodeAt(0)}.csv`);
      const { format, settings } = formatOutput('CSV', { header: 'names', delimiter: character });
      await client.saveTo('SELECT * FROM nasty', path, { format, settings, overwrite: true });
      const back = await value(
        `${hash} file(${quoteLiteral(path)}, CSVWithNames, 'i Int64, f Float64, s Nullable(String), arr Array(UInt8), d Date,
         dec Decimal32(3), b Bool, q String, ip IPv4') SETTINGS input_format_csv_allow_whitespace_or_tab_as_delimiter = 1, format_csv_delimiter = ${quoteLiteral(resolveEscapes(character))}`,
      );
      assert.equal(back, expected, `delimiter ${character}`);
    }
  });

  for (const compression of ['none', 'gzip', 'zstd', 'lz4', 'xz'] as const) {
    it(`save for Excel with compression ${compression} what the server reads back`, async () => {
      for (const { id, choices } of formatPresets('CSV')) {
        const { format, settings, leading } = formatOutput('CSV', choices, { compression });
        const path = join(folder(), `${id}.${compression}.csv`);
        await client.saveTo("SELECT number AS n, if(n = 2, NULL, 'ä') AS s FROM numbers(3)", path, {
          format,
          settings,
          compression,
          ...(leading && { leading }),
        });
        const file = `file(${quoteLiteral(path)}, %, ${quoteLiteral(compression)})`;
        const raw = file.replace('%', "RawBLOB, 'c String'");
        const d = choices['delimiter'] as string;
        assert.equal(
          await value(`SELECT hex(c) FROM ${raw}`),
          Buffer.from(`\uFEFF"n"${d}"s"\r\n0${d}"ä"\r\n1${d}"ä"\r\n2${d}\r\n`)
            .toString('hex')
            .toUpperCase(),
        );
        const rows = file.replace('%', "CSVWithNames, 'n UInt64, s Nullable(String)'");
        assert.equal(
          await value(
            `SELECT groupArray((n, s)) FROM ${rows} SETTINGS format_csv_delimiter = ${quoteLiteral(d)}`,
          ),
          "[(0,'ä'),(1,'ä'),(2,NULL)]",
        );
      }
    });
  }

  it('compress Parquet, ORC and Avro files as chosen', async () => {
    for (const [format, metadata] of [
      [
        'Parquet',
        (file: string) => `SELECT columns[1].compression FROM file(${file}, ParquetMetadata)`,
      ],
    ] as const) {
      const [compression] = formatOptions(format).filter(({ id }) => id === 'compression');
      assert.equal(compression?.kind, 'choice');
      for (const { value: codec } of compression.values) {
        const path = join(folder(), `${codec}.${format}`);
        const { settings } = formatOutput(format, { compression: codec });
        await client.saveTo('SELECT number FROM numbers(10000)', path, { format, settings });
        const said = (await value(metadata(quoteLiteral(path)))).toLowerCase();
        assert.ok(said.startsWith(codec === 'none' ? 'uncompressed' : codec), `${codec}: ${said}`);
      }
    }
    for (const [codec, name] of [
      ['null', 'null'],
      ['deflate', 'deflate'],
      ['snappy', 'snappy'],
      ['zstd', 'zstandard'],
    ] as const) {
      const { settings } = formatOutput('Avro', { compression: codec });
      const bytes = await ask('SELECT 1', 'Avro', settings);
      assert.match(bytes.toString('latin1'), new RegExp(`avro\\.codec.${name}`));
    }
  });

  it('write texts as text into Avro', async () => {
    for (const [strings, type] of [
      [true, 'string'],
      [false, 'bytes'],
    ] as const) {
      const bytes = await ask(
        "SELECT 'x' AS s",
        'Avro',
        formatOutput('Avro', { strings }).settings,
      );
      assert.ok(bytes.toString('latin1').includes(`{"name":"s","type":"${type}"}`));
    }
  });

  it('divide Parquet files into row groups, and SQL into statements', async () => {
    const path = join(folder(), 'groups.parquet');
    const { settings } = formatOutput('Parquet', { rowGroupRows: 1000 });
    await client.saveTo('SELECT number FROM numbers(5000)', path, { format: 'Parquet', settings });
    assert.equal(
      await value(`SELECT num_row_groups FROM file(${quoteLiteral(path)}, ParquetMetadata)`),
      '5',
    );
    const inserts = formatOutput('SQLInsert', { rowsPerStatement: 1000, table: 'db.t' });
    const sql = (
      await ask('SELECT number FROM numbers(5000)', 'SQLInsert', inserts.settings)
    ).toString();
    assert.equal(sql.match(/INSERT INTO db\.t /g)?.length, 5);
  });

  it('write numbers that are text as text into JSON', async () => {
    const { settings } = formatOutput('JSONEachRow', {
      quoteIntegers: true,
      quoteDecimals: true,
      denormals: true,
      tuplesAsObjects: false,
      escapeSlashes: false,
    });
    const sql =
      "SELECT toUInt64(1) AS u, toDecimal32(1.5, 2) AS d, nan AS n, tuple(1)::Tuple(x UInt8) AS t, '/' AS s";
    assert.equal(
      (await ask(sql, 'JSONEachRow', settings)).toString(),
      '{"u":"1","d":"1.5","n":"nan","t":[1],"s":"/"}\n',
    );
  });

  for (const { name: format } of SCHEMALESS.filter(({ name }) => !NO_ROWS.has(name))) {
    it(`leave nothing out of a file in the format ${format}`, async () => {
      const long = "repeat(leftPad(toString(number), 8, '0'), if(number = 0, 2000, 1))";
      const isOneColumn = format === 'Npy';
      const sql = isOneColumn
        ? 'SELECT toUInt64(number + 1000000) AS n FROM numbers(3000)'
        : `SELECT ${long} AS n, 1 AS x FROM numbers(3000)`;
      const output = formatOutput(format, {});
      const settings = { ...LIMITED, ...PLAIN_COLUMNS, ...output.settings };
      const path = join(folder(), `whole.${format}`);
      await client.saveTo(sql, path, { format, settings });
      const bytes = await readFile(path);
      if (isOneColumn) {
        assert.equal(bytes.length % 64, (3000 * 8) % 64);
        assert.equal(bytes.readBigUInt64LE(bytes.length - 8), 1_002_999n);
        return;
      }
      const text = bytes.toString('latin1');
      assert.ok(text.includes('0'.repeat(16_000)), 'the long value was cut');
      const cells = new Set(text.match(/\d{8}/g));
      for (let row = 1; row < 3000; row++) {
        const cell = String(row).padStart(8, '0');
        assert.ok(cells.has(cell) || text.includes(cell), `row ${row} is missing`);
      }
    });
  }

  it('have limits to lift: without them Pretty and Vertical lack rows', async () => {
    for (const format of ['Pretty', 'PrettyCompactMonoBlock', 'Vertical']) {
      const cut = await ask('SELECT number + 10000 AS n FROM numbers(3000)', format, LIMITED);
      const rows = new Set(cut.toString().match(/\b1[0-2]\d{3}\b/g));
      assert.equal(rows.size, 1000, format);
    }
  });

  describe('of a user who may not change settings', () => {
    const sql = 'SELECT number + 10000 AS n FROM numbers(3000)';

    async function saved(
      values: Settings,
      format: string,
      options: Pick<SaveOptions, 'settings' | 'compression'>,
    ): Promise<string> {
      const session = client.session();
      try {
        const list = Object.entries({ ...values, readonly: 1 });
        await session.command(`SET ${list.map((pair) => pair.join(' = ')).join(', ')}`);
        const path = join(await mkdtemp(join(folder(), 'of-reader-')), 'x.txt');
        await session.saveTo(sql, path, { ...options, format });
        return await readFile(path, 'utf8');
      } finally {
        await session.close();
      }
    }

    for (const format of ['Pretty', 'Vertical']) {
      it(`cut no ${format} file: it is whole, or refused before it runs`, async () => {
        const { settings } = formatOutput(format, {});
        const refusal = new RegExp(
          `may not change the setting output_format_pretty_\\w+, without which ${format} lacks rows`,
        );
        await assert.rejects(saved(LIMITED, format, { settings }), (error) => {
          assert.ok(isUsageError(error));
          return refusal.test(error.message);
        });
        const whole = await saved(settings, format, { settings });
        assert.equal(new Set(whole.match(/\b1[0-2]\d{3}\b/g)).size, 3000);
      });
    }

    it('are named where they cannot be followed, and leave files without them alone', async () => {
      await assert.rejects(
        saved({}, 'CSV', { settings: formatOutput('CSV', { delimiter: ';' }).settings }),
        /may not change the setting format_csv_delimiter, without which the file would not be as/,
      );
      await assert.rejects(
        saved({ enable_http_compression: 0 }, 'CSV', { compression: 'gzip' }),
        /may not change the setting enable_http_compression, without which this server does not comp/,
      );
      assert.equal((await saved({}, 'CSV', {})).split('\n').length, 3001);
    });
  });
});

/** Every value to choose but the default one. */
function otherValues(option: FormatOption): OptionValue[] {
  switch (option.kind) {
    case 'onOff':
      return [!option.default];
    case 'number':
      return [1];
    case 'text':
      return [option.id === 'resultSet' ? '<${data}>' : '${a:CSV}'];
    case 'choice':
      return option.values.map(({ value }) => value).filter((value) => value !== option.default);
  }
}

/** Statistics with the elapsed seconds, which differ from run to run, made equal. */
function withoutTime(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replace(/(elapsed"?[:>] ?)[\d.e-]+/, '$10');
  return Buffer.from(text, 'latin1');
}
