import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type { Client, ContentCoding, SaveReceipt } from '../../../src/core/client/surface.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { FORMATS } from '../../../src/core/transfer/formats.ts';
import { curl, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import {
  FAKE_ERROR,
  type NastyColumn,
  nastyColumns,
  nastyTable,
  selectNasty,
} from './nastyTable.ts';

type Settings = Readonly<Record<string, string>>;

/** Cannot be saved without something outside of the server. */
const LEFT_OUT = ['AvroConfluent']; // The URL of a schema registry.

/** Take nearly any type; what of the table the others take is asked of the server. */
const FUSSY = [
  ...['Avro', 'BSONEachRow', 'MsgPack', 'ORC', 'Parquet', 'Protobuf', 'ProtobufList'],
  ...['ProtobufSingle', 'RawBLOB'],
];

/** Several blocks, in one order. */
const SETTINGS: Settings = { max_threads: '1', max_block_size: '17' };

/** What would make two replies to one statement differ, and the setting that stops it. */
const CHANGING: readonly { formats: RegExp; settings: Settings }[] = [
  // The time that the statement took.
  { formats: /^(JSON|XML)/, settings: { output_format_write_statistics: '0' } },
  // Blocks that come close together are drawn as one.
  { formats: /^Pretty/, settings: { output_format_pretty_squash_consecutive_ms: '0' } },
];

/** The same without a setting: how to take out of a reply what differs. */
const COMPARED: readonly { formats: RegExp; same: (bytes: Buffer) => Buffer }[] = [
  // Lines in between that say how long it has been running so far.
  { formats: /WithProgress$/, same: withoutProgress },
  // The mark between blocks is random; it is also the end of the file.
  { formats: /^Avro$/, same: withoutSyncMarker },
];

/** Formats for results of one certain shape. */
const SHAPED: Readonly<Record<string, { sql: string; settings?: Settings }>> = {
  Npy: { sql: 'SELECT arrayJoin([nan, -inf, -0., 5e-324, 0.1]) AS c0' },
  PNG: {
    sql: 'SELECT number % 256 AS r, number % 7 AS g, number % 11 AS b FROM numbers(4096)',
    settings: { output_format_image_width: '64', output_format_image_height: '64' },
  },
  Prometheus: {
    sql: `SELECT 'm' || toString(number) AS name, number / 7 AS value, 'help "a"\\n' AS help,
      map('label', 'va"l\\n\\\\') AS labels, 'counter' AS type FROM numbers(100)`,
  },
  Template: {
    sql: 'SELECT c20, n FROM nasty ORDER BY n',
    settings: { format_template_row_format: '${c20:JSON};${c20:Raw};${n:CSV}' },
  },
};

/** What other kinds of clients speak; not offered as files, but saved like any. */
const WIRE = ['MySQLWire', 'ODBCDriver2', 'PostgreSQLWire'];

const OUTPUTS = [
  ...FORMATS.filter(({ output }) => output).flatMap(({ name, aliases }) => [name, ...aliases]),
  ...WIRE,
];

const CODINGS: Readonly<
  Partial<Record<ContentCoding, { suffix: string; unpack?: (bytes: Buffer) => Buffer }>>
> = {
  gzip: { suffix: 'gz', unpack: gunzipSync },
  zstd: { suffix: 'zst', unpack: zstdDecompressSync },
  br: { suffix: 'br', unpack: brotliDecompressSync },
  deflate: { suffix: 'deflate', unpack: inflateSync },
  // Node cannot read these; the engine can.
  xz: { suffix: 'xz' },
  lz4: { suffix: 'lz4' },
};

describe('a saved file is what curl gets', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  const saved: SaveReceipt[] = [];
  before(async () => {
    client = createClient(engine());
    for (const sql of nastyTable(45)) {
      await client.command(sql, { settings: { enable_time_time64_type: 1 } });
    }
  });
  after(() => client.close());

  it('for every output format of the engine', async () => {
    const formats = await client.rawQuery('SELECT name FROM system.formats WHERE is_output');
    assert.deepEqual(OUTPUTS.toSorted(), formats.text().trim().split('\n').sort());
  });

  for (const format of OUTPUTS.filter((name) => !LEFT_OUT.includes(name))) {
    it(`as ${format}`, async () => {
      const shaped = SHAPED[format];
      const sql = shaped?.sql ?? (await nastyStatement(format));
      const settings = { ...SETTINGS, ...stable(format), ...shaped?.settings };
      const receipt = await client.saveTo(sql, join(folder(), format), { format, settings });
      saved.push(receipt);
      const expected = await curl(engine(), sql, { default_format: format, ...settings });
      const file = await readFile(receipt.path);
      assert.equal(receipt.bytes, file.length);
      const same = COMPARED.find(({ formats }) => formats.test(format))?.same ?? unchanged;
      assert.ok(same(file).equals(same(expected)));
      assert.equal(file.length === 0, format === 'Null');
    });
  }

  it('where the data ends like an error of the server', async () => {
    const text = await readFile(join(folder(), 'TSVRaw'), 'utf8');
    assert.ok(text.endsWith(`${FAKE_ERROR}\n`));
    assert.ok(text.includes('\r\n__exception__\r\n'));
  });

  for (const [coding, { suffix, unpack }] of Object.entries(CODINGS)) {
    for (const format of ['CSV', 'Native']) {
      it(`as ${format}, after ${coding} is unpacked`, async () => {
        const sql = selectNasty(nastyColumns);
        const path = join(folder(), `${format}.${suffix}`);
        const compression = coding as ContentCoding;
        const settings = SETTINGS;
        saved.push(await client.saveTo(sql, path, { format, compression, settings }));
        const content =
          unpack === undefined ? await readByEngine(path, coding) : unpack(await readFile(path));
        const expected = await curl(engine(), sql, { default_format: format, ...settings });
        assert.ok(content.equals(expected));
        assert.ok((await readFile(path)).length < expected.length / 2);
      });
    }
  }

  it('with the checksum that sha256sum prints', async () => {
    const sums = await sha256sum(saved.map(({ path }) => path));
    for (const { path, sha256 } of saved) assert.equal(sha256, sums.get(path), basename(path));
    assert.ok(saved.length > 90);
  });

  /** The columns of the table that the server writes in this format. */
  async function nastyStatement(format: string): Promise<string> {
    if (!FUSSY.includes(format)) return selectNasty(nastyColumns);
    const rows = format === 'ProtobufSingle' ? ' LIMIT 1' : '';
    const taken: NastyColumn[] = [];
    for (const column of nastyColumns) {
      try {
        await client.rawQuery(selectNasty([column]) + rows, { format, settings: SETTINGS });
        taken.push(column);
      } catch (error) {
        assert.ok(isClickHouseError(error));
      }
    }
    assert.ok(taken.length >= 30, `${format} takes only ${taken.length} columns`);
    return selectNasty(taken) + rows;
  }

  async function readByEngine(path: string, coding: string): Promise<Buffer> {
    const { bytes } = await client.rawQuery(
      `SELECT * FROM file(${quoteLiteral(path)}, 'RawBLOB', 'data String', ${quoteLiteral(coding)})`,
      { format: 'RawBLOB' },
    );
    return Buffer.from(bytes);
  }
});

function stable(format: string): Settings {
  const matching = CHANGING.filter(({ formats }) => formats.test(format));
  return Object.assign({}, ...matching.map(({ settings }) => settings)) as Settings;
}

function unchanged(bytes: Buffer): Buffer {
  return bytes;
}

function withoutProgress(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const rest = lines.filter((line) => !line.startsWith('{"progress":'));
  return Buffer.from(rest.join('\n'), 'latin1');
}

function withoutSyncMarker(bytes: Buffer): Buffer {
  const marker = bytes.subarray(-16).toString('latin1');
  return Buffer.from(bytes.toString('latin1').replaceAll(marker, ''), 'latin1');
}

async function sha256sum(paths: readonly string[]): Promise<Map<string, string>> {
  const [program, ...args] =
    process.platform === 'darwin' ? (['shasum', '-a', '256'] as const) : (['sha256sum'] as const);
  const { stdout } = await promisify(execFile)(program, [...args, ...paths]);
  return new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
}
