import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  copyText,
  type CopiedText,
  type CopyOptions,
} from '../../../src/core/arrow/copy/copyText.ts';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult, type LoadedResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { ask } from '../sql/query.ts';

const SETTINGS = {
  enable_time_time64_type: '1',
  session_timezone: 'UTC',
  output_format_csv_serialize_tuple_into_separate_columns: '0',
  output_format_json_escape_forward_slashes: '0',
  output_format_json_quote_denormals: '1',
};

/** A value of each kind of type, and the ones that break copies; rows are told apart by `id`. */
const COLUMNS: Record<string, { type: string; values: string[] }> = {
  id: { type: 'UInt64', values: ['18446744073709551615', '0', '7'] },
  wide: { type: 'UInt256', values: [`'${2n ** 256n - 1n}'`, '0', '1'] },
  narrow: { type: 'Int128', values: [`'${-(2n ** 127n)}'`, '0', '-1'] },
  'de cimal': {
    type: 'Decimal(76, 20)',
    values: ["'-12345678901234567890.12345678901234567890'", '0', "'0.5'"],
  },
  f64: { type: 'Float64', values: ['0.1', "'1e300'", '-2.5'] },
  f32: { type: 'Float32', values: ['0.1', "'1e30'", '-2.5'] },
  bool: { type: 'Bool', values: ['true', 'false', 'true'] },
  text: { type: 'String', values: ["'it\\'s \"a\",\\tb\\nc\\\\ `|`'", "''", "'\\0\\x01 日本 🦀'"] },
  maybe: { type: 'Nullable(String)', values: ['NULL', "'NULL'", "'\\\\N'"] },
  low: { type: 'LowCardinality(String)', values: ["'a'", "'b'", "'a'"] },
  day: { type: 'Date', values: ["'2024-02-29'", "'1970-01-01'", "'2100-01-01'"] },
  at: {
    type: "DateTime64(6, 'Asia/Tokyo')",
    values: ["'2024-02-29 01:02:03.000004'", "'1969-12-31 23:59:59.5'", "'2100-01-01 00:00:00'"],
  },
  uuid: {
    type: 'UUID',
    values: [
      "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'",
      "'00000000-0000-0000-0000-000000000000'",
      "'61f0c404-5cb3-11e7-907b-a6006ad3dba1'",
    ],
  },
  ip: { type: 'IPv6', values: ["'::1'", "'::'", "'2001:db8::1'"] },
  kind: { type: "Enum8('it''s' = 1, 'b' = 2)", values: ["'it\\'s'", "'b'", "'b'"] },
  list: { type: 'Array(Nullable(String))', values: ["['a\\'b', NULL, '']", '[]', "['x']"] },
  pair: { type: 'Tuple(n UInt8, `s p` String)', values: ["(1, 'a,b')", "(0, '')", "(2, '\\'')"] },
  map: {
    type: 'Map(String, Array(Decimal(9, 2)))',
    values: ["{'k\\'': [1.50]}", '{}', "{'a': [], 'b': [0.01, 2]}"],
  },
};

describe('copying cells as text, compared with the engine', () => {
  const engine = useEngine();
  let client: Client;
  let folder: string;
  let result: LoadedResult;

  const sql = async (text: string): Promise<string> => {
    const answer = await ask(engine(), text, SETTINGS);
    assert.ok(answer.ok, `${text.slice(0, 200)}\n${answer.text}`);
    return answer.text;
  };

  before(async () => {
    client = createClient(engine());
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-copy-'));
    const types = Object.entries(COLUMNS).map(([name, { type }]) => `\`${name}\` ${type}`);
    await sql(`CREATE TABLE nasty (${types.join(', ')}) ENGINE = Memory`);
    const rows = [0, 1, 2].map(
      (row) =>
        `(${Object.values(COLUMNS)
          .map(({ values }) => values[row] ?? '')
          .join(', ')})`,
    );
    await sql(`INSERT INTO nasty VALUES ${rows.join(', ')}`);
    result = await load('SELECT * FROM nasty ORDER BY id', 'nasty');
  });
  after(async () => {
    await result.spool.dispose();
    await client.close();
    await rm(folder, { recursive: true });
  });

  const load = (statement: string, file: string): Promise<LoadedResult> =>
    loadResult({
      source: client,
      sql: statement,
      spoolPath: join(folder, `${file}.arrow`),
      gridSettings: new GridSettings(client),
      request: { settings: { session_timezone: 'UTC', enable_time_time64_type: 1 } },
    });

  const copy = (
    { spool, columns, timeZone }: LoadedResult,
    more: Pick<CopyOptions, 'format' | 'header'> & Partial<CopyOptions>,
  ): Promise<CopiedText> =>
    copyText({
      columns,
      context: { timeZone },
      blocks: [{ rows: [{ first: 0, last: spool.rows - 1 }], columns: columns.map((_, i) => i) }],
      read: (firstRow, rows, asked) => spool.readWindow({ firstRow, rows, columns: asked }),
      most: 1e9,
      signal: new AbortController().signal,
      ...more,
    });

  const textOf = async (
    format: CopyOptions['format'],
    header: boolean,
    blocks?: CopyOptions['blocks'],
  ): Promise<string> => {
    const copied = await copy(result, { format, header, ...(blocks && { blocks }) });
    assert.ok(copied.kind === 'text');
    return copied.text;
  };

  it('CSV is the CSV of ClickHouse', async () => {
    const expected = await sql('SELECT * FROM nasty ORDER BY id FORMAT CSVWithNames');
    assert.equal(`${await textOf('csv', true)}\n`, expected);
    const bare = await sql('SELECT * FROM nasty ORDER BY id FORMAT CSV');
    assert.equal(`${await textOf('csv', false)}\n`, bare);
  });

  it('JSON has the digits and texts of ClickHouse', async () => {
    const lines = (await sql('SELECT * FROM nasty ORDER BY id FORMAT JSONEachRow')).trim();
    assert.equal(await textOf('json', true), `[\n${lines.replaceAll('\n', ',\n')}\n]`);
    const compact = (await sql('SELECT * FROM nasty ORDER BY id FORMAT JSONCompactEachRow')).trim();
    // Spaces after commas are the server's own.
    const plain = (text: string): string => text.replaceAll(', ', ',');
    assert.equal(
      plain(await textOf('json', false)),
      plain(`[\n${compact.replaceAll('\n', ',\n')}\n]`),
    );
  });

  it('INSERT makes the same rows', async () => {
    for (const header of [true, false]) {
      await sql('CREATE OR REPLACE TABLE copied AS nasty');
      const insert = await textOf('insert', header);
      assert.match(insert, /^INSERT INTO table_name /);
      await sql(insert.replace('table_name', 'copied'));
      assert.equal(
        await sql('SELECT * FROM copied ORDER BY id FORMAT TSVWithNamesAndTypes'),
        await sql('SELECT * FROM nasty ORDER BY id FORMAT TSVWithNamesAndTypes'),
      );
    }
  });

  it('INSERT keeps bytes that are no UTF-8', async () => {
    const broken = await load("SELECT 'a\\xFF\\0b''' AS bytes, ['\\xFE'] AS list", 'broken');
    try {
      const copied = await copy(broken, { format: 'insert', header: true });
      assert.ok(copied.kind === 'text');
      await sql(
        'CREATE OR REPLACE TABLE copied (bytes String, list Array(String)) ENGINE = Memory',
      );
      await sql(copied.text.replace('table_name', 'copied'));
      assert.equal(await sql('SELECT hex(bytes), hex(list[1]) FROM copied'), '61FF006227\tFE\n');
    } finally {
      await broken.spool.dispose();
    }
  });

  for (const [index, name] of Object.keys(COLUMNS).entries()) {
    it(`IN list of ${name} finds exactly its rows`, async () => {
      const some = { rows: [{ first: 1, last: 1 }], columns: [index] };
      const list = await textOf('inList', true, [some]);
      const [value] = (await sql('SELECT id FROM nasty ORDER BY id LIMIT 1, 1')).split('\n');
      const same = await sql(
        `SELECT id FROM nasty WHERE \`${name}\` = (SELECT \`${name}\` FROM nasty WHERE id = ${value ?? ''}) ORDER BY id`,
      );
      assert.notEqual(same, '');
      assert.equal(await sql(`SELECT id FROM nasty WHERE ${list} ORDER BY id`), same);
    });
  }

  it('an IN list of several columns is a list of tuples, each value once', async () => {
    const names = Object.keys(COLUMNS);
    const columns = [names.indexOf('text'), names.indexOf('wide')];
    const rows = [{ first: 0, last: 1 }];
    const list = await textOf('inList', true, [{ rows, columns }]);
    assert.match(list, /^\(`text`, `wide`\) IN \(/);
    assert.equal(await sql(`SELECT count() FROM nasty WHERE ${list}`), '2\n');
    const low = [{ rows: [{ first: 0, last: 2 }], columns: [names.indexOf('low')] }];
    assert.equal(((await textOf('inList', false, low)).match(/'[ab]'/g) ?? []).length, 2);
  });

  it('TSV falls into the same cells when a spreadsheet reads it; one cell is copied as it is', async () => {
    const text = Object.keys(COLUMNS).indexOf('text');
    const rows = [{ first: 2, last: 2 }];
    const one = await textOf('tsv', false, [{ rows, columns: [text] }]);
    assert.equal(one, 'it\'s "a",\tb\nc\\ `|`');
    const two = await textOf('tsv', true, [{ rows, columns: [text, 0] }]);
    assert.equal(two, 'text\tid\n"it\'s ""a"",\tb\nc\\ `|`"\t18446744073709551615');
  });

  it('Markdown keeps each cell in its place', async () => {
    const text = Object.keys(COLUMNS).indexOf('text');
    const copied = await textOf('markdown', true, [
      { rows: [{ first: 2, last: 2 }], columns: [0, text] },
    ]);
    assert.equal(
      copied,
      '| id | text |\n|-:|:-|\n| 18446744073709551615 | it\'s "a",\tb<br>c\\\\ `\\|` |',
    );
  });

  it('writes blocks one after the other', async () => {
    const copied = await textOf('tsv', false, [
      {
        rows: [
          { first: 0, last: 0 },
          { first: 2, last: 2 },
        ],
        columns: [0],
      },
      { rows: [{ first: 1, last: 1 }], columns: [0] },
    ]);
    assert.equal(copied, '0\n18446744073709551615\n\n7');
  });

  it('copies a million cells in small steps, says how far it is, and stops when told', async () => {
    const large = await load(
      'SELECT number, toString(number), number / 7, today() FROM numbers(250000)',
      'large',
    );
    try {
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      const told: number[] = [];
      const copied = await copy(large, {
        format: 'tsv',
        header: false,
        onProgress: (n) => told.push(n),
      });
      clearInterval(timer);
      assert.ok(copied.kind === 'text' && copied.cells === 1_000_000);
      assert.equal(copied.text.split('\n').length, 250_000);
      assert.ok(turns > 50, `${turns} turns of the event loop`);
      assert.equal(told.at(-1), 1_000_000);
      assert.ok(told.length > 100);

      const abort = new AbortController();
      const stopped = copy(large, {
        format: 'csv',
        header: true,
        signal: abort.signal,
        onProgress: (cells) => {
          if (cells > 100_000) abort.abort();
        },
      });
      await assert.rejects(stopped, { name: 'AbortError' });
      assert.deepEqual(await copy(large, { format: 'csv', header: true, most: 10_000 }), {
        kind: 'tooLarge',
      });
    } finally {
      await large.spool.dispose();
    }
  });
});
