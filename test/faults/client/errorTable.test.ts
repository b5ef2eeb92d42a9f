import assert from 'node:assert/strict';
import {
  type ClickHouseError,
  createClient,
  createPool,
  isClickHouseError,
  isRowhouseError,
  isSuspectedTruncationError,
  isTruncatedResponseError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import {
  chunked,
  type Coding,
  CODINGS,
  encode,
  type Era,
  ERAS,
  frame,
  LAST_CHUNK,
  MESSAGE,
  OLD_MESSAGE,
  resultHead,
  TAG,
} from './replies.ts';
import { type Script, ScriptedServer } from './scriptedServer.ts';

/** What a caller must see: exactly these bytes, or an error that is true. */
type Expected =
  | { readonly bytes: string }
  | { readonly fails: 'server' | 'truncated' | 'suspected' | 'protocol' };

interface Fault {
  readonly name: string;
  readonly eras: readonly Era[];
  readonly format?: string;
  /** The body before the coding. */
  readonly body: string;
  /** What comes after the chunks of the body. Default: the last chunk, and the connection stays. */
  readonly after?: readonly (string | Buffer)[];
  readonly ending?: Script['ending'];
  /** Bytes that the coded body is short of. */
  readonly cut?: number;
  readonly expected: Expected;
  readonly codings?: readonly Coding[];
}

const ALL = Object.keys(ERAS) as Era[];
const BREAKING: readonly Era[] = ['tagged', 'untagged'];
const CLEAN_ENDS: readonly Era[] = ['inFormat', 'appended'];
const ROWS = '1,"a"\r\n2,"b"\r\n';
const JSON_TEXT = JSON.stringify(MESSAGE);
const MARKED = `${ROWS}__exception__\r\n${MESSAGE}\n`;
const FORGED_FRAME = frame(MESSAGE, 'ponmlkjihgfedcba');

/** A result of a document format that carries the server's exception in itself. */
const IN_FORMAT: Readonly<Record<string, string>> = {
  JSON: `{\n\t"meta":\n\t[\n\t],\n\n\t"data":\n\t[\n\t\t{\n\t\t\t"n": 0\n\t\t}\n\t],\n\n\t"rows": 1,\n\n\t"exception": ${JSON_TEXT}\n}\n`,
  JSONCompact: `{\n\t"data":\n\t[\n\t\t[0]\n\t],\n\n\t"rows": 1,\n\n\t"exception": ${JSON_TEXT}\n}\n`,
  JSONObjectEachRow: `{\n\t"row_1": {"n":0},\n\t"exception": ${JSON_TEXT}\n}\n`,
  JSONEachRow: `{"n":0}\n{"exception": ${JSON_TEXT}}\n`,
  PrettyJSONEachRow: `{\n    "n": 0\n}\n{\n\t"exception": ${JSON_TEXT}\n}\n`,
  JSONCompactEachRow: `[0, "a"]\n[${JSON_TEXT}]\n`,
  JSONEachRowWithProgress: `{"row":{"n":0}}\n{"exception":${JSON_TEXT}}\n`,
  XML: `<?xml version='1.0'?>\n<result>\n\t<data>\n\t</data>\n\t<rows>0</rows>\n\t<exception>${MESSAGE.replaceAll('<', '&lt;')}</exception>\n</result>\n`,
};

/** Data of the same formats that only quotes an exception. */
const QUOTED: Readonly<Record<string, string>> = {
  JSON: `{\n\t"data":\n\t[\n\t\t{\n\t\t\t"exception": ${JSON_TEXT}\n\t\t}\n\t],\n\n\t"rows": 1\n}\n`,
  JSONEachRow: `{"exception":${JSON_TEXT}}\n`,
  PrettyJSONEachRow: `{\n    "exception": ${JSON_TEXT}\n}\n`,
  JSONCompactEachRow: `[1, ${JSON_TEXT}]\n[2, ${JSON_TEXT}]\n`,
  JSONEachRowWithProgress: `{"row":{"exception":${JSON_TEXT}}}\n`,
  XML: `<result>\n\t<data>\n\t\t<row>\n\t\t\t<exception>${MESSAGE}</exception>\n\t\t</row>\n\t</data>\n</result>\n`,
};

const FAULTS: readonly Fault[] = [
  { name: 'a whole result', eras: ALL, body: ROWS, expected: { bytes: ROWS } },
  { name: 'an empty result', eras: ALL, body: '', expected: { bytes: '' } },
  {
    name: 'a result without its last chunk, ended',
    eras: ALL,
    body: ROWS,
    after: [],
    ending: 'fin',
    expected: { fails: 'truncated' },
  },
  {
    name: 'a result without its last chunk, reset',
    eras: ALL,
    body: ROWS,
    after: [],
    ending: 'reset',
    expected: { fails: 'truncated' },
  },
  {
    name: 'a result with garbage for a chunk',
    eras: ALL,
    body: ROWS,
    after: ['\r\nnot a chunk\r\n'],
    ending: 'fin',
    expected: { fails: 'truncated' },
  },
  {
    name: 'compressed data that ends early though the framing is whole',
    eras: ALL,
    body: ROWS.repeat(50),
    cut: 3,
    codings: ['gzip', 'zstd', 'br', 'deflate'],
    expected: { fails: 'truncated' },
  },
  {
    name: 'the tagged frame with a whole framing',
    eras: ['tagged'],
    body: ROWS + frame(MESSAGE),
    expected: { fails: 'server' },
  },
  {
    name: 'the tagged frame with a broken framing',
    eras: ['tagged'],
    body: ROWS + frame(MESSAGE),
    after: [],
    ending: 'fin',
    expected: { fails: 'server' },
  },
  {
    name: 'the tagged frame and a reset',
    eras: ['tagged'],
    body: ROWS + frame(MESSAGE),
    after: ['\r\n'],
    ending: 'reset',
    // The reset may overtake the frame.
    expected: { fails: 'truncated' },
    codings: [],
  },
  {
    name: 'the tagged frame alone',
    eras: ['tagged'],
    body: frame(MESSAGE),
    after: [],
    ending: 'fin',
    expected: { fails: 'server' },
  },
  {
    name: 'a frame with the tag of another reply, in data',
    eras: BREAKING,
    body: FORGED_FRAME,
    expected: { bytes: FORGED_FRAME },
  },
  {
    name: 'data with the marker and a forged code, then rows',
    eras: ALL,
    body: `${MARKED}3,"c"\r\n`,
    expected: { bytes: `${MARKED}3,"c"\r\n` },
  },
  {
    name: 'data that ends with the start of a frame',
    eras: ALL,
    body: `${ROWS}\r\n__exception__\r\n${TAG.slice(0, 7)}`,
    expected: { bytes: `${ROWS}\r\n__exception__\r\n${TAG.slice(0, 7)}` },
  },
  {
    name: 'data that ends with an error text, from a server that breaks framing',
    eras: BREAKING,
    body: `1\t${MESSAGE}\n`,
    expected: { bytes: `1\t${MESSAGE}\n` },
  },
  {
    name: 'quoted data that ends with an error text',
    eras: ALL,
    body: `1,"${MESSAGE}"\r\n`,
    expected: { bytes: `1,"${MESSAGE}"\r\n` },
  },
  {
    name: 'the untagged marker with a broken framing',
    eras: ['untagged'],
    body: MARKED,
    after: [],
    ending: 'fin',
    expected: { fails: 'server' },
  },
  {
    name: 'the untagged marker and garbage for a chunk',
    eras: ['untagged'],
    body: MARKED,
    after: ['\r\n'],
    ending: 'fin',
    expected: { fails: 'server' },
  },
  {
    name: 'an appended text of a new kind with an orderly end',
    eras: CLEAN_ENDS,
    body: `${ROWS}${MESSAGE}\n`,
    expected: { fails: 'suspected' },
  },
  {
    name: 'an appended text of the old kind with an orderly end',
    eras: CLEAN_ENDS,
    body: `${ROWS}${OLD_MESSAGE}`,
    expected: { fails: 'suspected' },
  },
  {
    name: 'an appended text and a cut',
    eras: CLEAN_ENDS,
    body: `${ROWS}${OLD_MESSAGE}`,
    after: [],
    ending: 'fin',
    expected: { fails: 'truncated' },
  },
  ...Object.entries(IN_FORMAT).map(([format, body]): Fault => ({
    name: `an exception as a part of ${format}`,
    // Also servers since 25.11 do this when a profile asks for it.
    eras: ALL,
    format,
    body,
    expected: { fails: 'server' },
  })),
  ...Object.entries(QUOTED).map(([format, body]): Fault => ({
    name: `an exception as a value in ${format}`,
    eras: ALL,
    format,
    body,
    expected: { bytes: body },
  })),
  {
    name: 'a one-column JSONCompactEachRow row that quotes an exception',
    eras: ['tagged', 'untagged', 'appended'],
    format: 'JSONCompactEachRow',
    body: `["a"]\n[${JSON_TEXT}]\n`,
    // 23.8 to 25.10 write the same for an exception, unless told not to.
    expected: { bytes: `["a"]\n[${JSON_TEXT}]\n` },
    codings: [],
  },
];

const CHUNKINGS: readonly [string, number][] = [
  ['one chunk', Number.POSITIVE_INFINITY],
  ['chunks of 7 bytes', 7],
];

describe('every error of every era', () => {
  const server = new ScriptedServer();
  let url = '';
  let pool: Pool;
  before(async () => {
    pool = createPool();
    url = await server.listen();
  });
  after(async () => {
    await pool.close();
    await server.close();
  });

  async function read(client: Client): Promise<{ bytes: string; error: unknown }> {
    let bytes = '';
    try {
      for await (const part of await client.rawStream('SELECT 1')) {
        bytes += Buffer.from(part).toString('latin1');
      }
      return { bytes, error: undefined };
    } catch (error) {
      return { bytes, error };
    }
  }

  function check(expected: Expected, bytes: string, error: unknown, what: string): void {
    if ('bytes' in expected) {
      assert.equal(error, undefined, `${what}: ${String(error)}`);
      assert.equal(bytes, Buffer.from(expected.bytes).toString('latin1'), what);
      return;
    }
    assert.ok(isRowhouseError(error), `${what}: ended as success with ${bytes}`);
    if (expected.fails === 'server') {
      assert.ok(isClickHouseError(error), `${what}: ${String(error)}`);
      assertTrue(error, what);
    } else if (expected.fails === 'suspected') {
      assert.ok(isSuspectedTruncationError(error), `${what}: ${String(error)}`);
      assert.equal(error.suspected.code, 395, what);
    } else if (expected.fails === 'truncated') {
      assert.ok(isTruncatedResponseError(error), `${what}: ${String(error)}`);
    }
  }

  /** The outermost error counts, not the one it quotes. */
  function assertTrue(error: ClickHouseError, what: string): void {
    assert.equal(error.code, 395, what);
    assert.equal(error.errorName, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO', what);
    assert.match(error.message, /stop — /, what);
  }

  for (const fault of FAULTS) {
    for (const era of fault.eras) {
      it(`${era}: ${fault.name}`, async () => {
        for (const coding of fault.codings ?? CODINGS) {
          for (const [chunking, size] of CHUNKINGS) {
            server.version = ERAS[era];
            const coded = encode(fault.body, coding);
            const body = coded.subarray(0, coded.length - (fault.cut ?? 0));
            server.script = {
              packets: [
                resultHead(
                  era,
                  coding,
                  fault.format === undefined ? {} : { 'X-ClickHouse-Format': fault.format },
                ),
                ...chunked(body, size),
                ...(fault.after ?? [LAST_CHUNK]),
              ],
              ending: fault.ending ?? 'stay',
            };
            const client = createClient({
              url,
              pool,
              compression: coding === 'identity' ? 'none' : coding,
            });
            const { bytes, error } = await read(client);
            check(fault.expected, bytes, error, `${coding}, ${chunking}`);
            await client.close();
          }
        }
      });
    }
  }
});
