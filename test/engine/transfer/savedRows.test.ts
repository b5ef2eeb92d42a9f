import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import { resultRows } from '../../../src/core/transfer/rows/resultRows.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { nastyColumns, nastyTable, selectNasty } from './nastyTable.ts';

/** Have no rows, no end between two rows that is certain, or need something outside of the server. */
const NOT_TOLD =
  /^(AvroConfluent|Buffers|Custom|GeoJSON|Hash|LineAsString|MsgPack|Null$|PNG|Pretty(?!JSON)|Prometheus|Protobuf(List|Single)|RawBLOB|RowBinary|TabSeparatedRaw|Template|Vertical)/;
/** For formats of one column of numbers. */
const NUMBERS = 'SELECT toFloat64(number) AS n FROM numbers';
const TEXTS = `['it\\'s', 'a"b', 'line\\nline', '\\r\\n"",\\n', 'x\\ty\\\\', '(1), VALUES (2);', '']`;
const NASTY = `SELECT number AS n, ${TEXTS}[number % 7 + 1] AS s, [s, toString(n)] AS \`a\n(b)\`,
  toDateTime('2024-01-01 00:00:00', 'UTC') + number AS at, if(number % 3 = 1, NULL, s) AS o FROM numbers`;

const COUNTS = [0, 1, 70_001];
/** Types whose values have no size that can be told without their data: Native files with them are not counted. */
const UNSIZED = /^(?:Dynamic|JSON|Variant)/;

describe('rows of a saved file are as many as the statement has', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(async () => {
    client = createClient(engine());
    for (const sql of nastyTable(45)) {
      await client.command(sql, { settings: { enable_time_time64_type: 1 } });
    }
  });
  after(() => client.close());

  const value = async (sql: string): Promise<string> =>
    (await client.rawQuery(sql, { format: 'TSV' })).text().trim();

  const told = FORMATS.filter(({ name, output }) => output && !NOT_TOLD.test(name));

  for (const { name: format, input } of told) {
    it(`for ${format}`, async () => {
      for (const count of COUNTS) {
        const path = join(folder(), `${format}-${count}`);
        const settings = { max_block_size: 5_000 };
        const sql = statementFor(format, count);
        const { rows } = await client.saveTo(sql, path, { format, settings, countRows: true });
        assert.equal(rows, count, `${format} of ${count} rows`);
        // Without rows the engine cannot tell the columns of most formats, nor ever those of Protobuf.
        if (!input || count === 0 || format === 'Protobuf') continue;
        const read = await value(`SELECT count() FROM file(${quoteLiteral(path)}, ${format})`);
        assert.equal(read, String(count), `${format} as the engine reads it`);
      }
    });
  }

  for (const compression of ['gzip', 'zstd', 'br', 'deflate'] as const) {
    it(`compressed with ${compression}`, async () => {
      for (const format of ['CSVWithNames', 'JSONEachRow', 'Native', 'Avro', 'JSONCompact']) {
        const path = join(folder(), `${format}.${compression}`);
        const save = { format, compression, countRows: true, overwrite: true };
        const { rows } = await client.saveTo(statementFor(format, 70_001), path, save);
        assert.equal(rows, 70_001, format);
      }
    });
  }

  it('for every type in Native, and untold for those without a certain size', async () => {
    const columns = nastyColumns.filter(({ type }) => !UNSIZED.test(type));
    assert.ok(columns.length > 50);
    const save = { format: 'Native', settings: { max_block_size: 7 }, countRows: true };
    const { rows } = await client.saveTo(selectNasty(columns), join(folder(), 'all.native'), save);
    assert.equal(String(rows), await value('SELECT count() FROM nasty'));
    for (const column of nastyColumns.filter(({ type }) => UNSIZED.test(type))) {
      const path = join(folder(), `${column.name}.native`);
      assert.equal((await client.saveTo(selectNasty([column]), path, save)).rows, undefined);
    }
  });

  it('also where line ends inside Markdown stay as they are', async () => {
    const settings = { output_format_markdown_escape_special_characters: 1 };
    const save = { format: 'Markdown', settings, countRows: true };
    const sql = `SELECT 'one\ntwo\n| three |\n' AS s FROM numbers(70)`;
    assert.equal((await client.saveTo(sql, join(folder(), 'x.md'), save)).rows, 70);
  });

  it('untold where SQL texts may be read in two ways', async () => {
    const settings = { output_format_values_escape_quote_with_quote: 1 };
    const path = join(folder(), 'two-ways');
    const save = { format: 'Values', settings, countRows: true };
    const sql = "SELECT '\\\\' AS a, 'x), (y' AS b FROM numbers(5)";
    assert.equal((await client.saveTo(sql, path, save)).rows, undefined);
  });

  it('of what is added to a file only', async () => {
    const path = join(folder(), 'added.csv');
    const sql = `${NASTY}(10)`;
    await client.saveTo(sql, path, { format: 'CSV' });
    const save = { format: 'CSV', append: true, countRows: true };
    assert.equal((await client.saveTo(sql, path, save)).rows, 10);
  });

  it('whatever the chunks that the file comes in', async () => {
    for (const { name: format } of told) {
      if (format === 'Parquet' || format === 'ORC') continue;
      const path = join(folder(), `${format}.pieces`);
      await client.saveTo(statementFor(format, 500), path, { format });
      const file = await readFile(path);
      for (const size of [1, 7, 64, 65_537]) {
        const counter = resultRows(format);
        for (let at = 0; at < file.length; at += size) counter?.push(file.subarray(at, at + size));
        assert.equal(counter?.rows, 500, `${format} in pieces of ${size} bytes`);
      }
    }
  });
});

function statementFor(format: string, count: number): string {
  if (format === 'Npy' || format === 'Protobuf') return `${NUMBERS}(${count})`;
  const sql = `${NASTY}(${count})`;
  return format === 'Avro' ? sql.replace('a\n(b)', 'a') : sql;
}
