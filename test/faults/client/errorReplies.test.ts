import assert from 'node:assert/strict';
import {
  createClient,
  createPool,
  isAuthError,
  isClickHouseError,
  isProtocolError,
  isSuspectedTruncationError,
  isTruncatedResponseError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client, Compression } from '../../../src/core/client/surface.ts';
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
} from './replies.ts';
import { chunk, head, ScriptedServer } from './scriptedServer.ts';

const ROWS = '1,"a"\r\n2,"b"\r\n';
const UNKNOWN_TABLE =
  'Code: 60. DB::Exception: Table d.t does not exist. (UNKNOWN_TABLE) (version 26.7.2.1)\n';

describe('replies of a server', () => {
  const server = new ScriptedServer();
  let pool: Pool;
  let client: Client;
  let url = '';
  before(async () => {
    url = await server.listen();
  });
  after(() => server.close());
  beforeEach(() => {
    server.queue.length = 0;
    server.requests.length = 0;
    server.version = ERAS.tagged;
    pool = createPool();
    client = createClient({ url, pool });
  });
  afterEach(async () => {
    await client.close();
    await pool.close();
  });

  async function stream(
    compression: Compression = 'none',
  ): Promise<{ data: Buffer; error: unknown }> {
    const parts: Uint8Array[] = [];
    try {
      for await (const part of await client.rawStream('SELECT 1', { compression }))
        parts.push(part);
      return { data: Buffer.concat(parts), error: undefined };
    } catch (error) {
      return { data: Buffer.concat(parts), error };
    }
  }

  const asCompression = (coding: Coding): Compression => (coding === 'identity' ? 'none' : coding);

  for (const coding of CODINGS) {
    it(`the frame is found wherever the ${coding} body is cut into two chunks`, async () => {
      const body = encode(ROWS + frame(MESSAGE), coding);
      for (let at = 1; at < body.length; at += 1) {
        server.script = {
          packets: [
            resultHead('tagged', coding),
            ...chunked(body.subarray(0, at), Number.POSITIVE_INFINITY),
            ...chunked(body.subarray(at), Number.POSITIVE_INFINITY),
            LAST_CHUNK,
          ],
          ending: 'stay',
        };
        const { data, error } = await stream(asCompression(coding));
        assert.equal(data.toString(), ROWS, `cut at ${at}`);
        assert.ok(isClickHouseError(error) && error.code === 395, `cut at ${at}: ${String(error)}`);
      }
    });

    it(`the code in the header of a 200 counts, whatever the ${coding} body says`, async () => {
      for (const body of [`${ROWS}${UNKNOWN_TABLE}`, ROWS, UNKNOWN_TABLE, '']) {
        server.script = {
          packets: [
            resultHead('tagged', coding, { 'X-ClickHouse-Exception-Code': '209' }),
            ...chunked(body === '' ? Buffer.alloc(0) : encode(body, coding), 5),
            LAST_CHUNK,
          ],
          ending: 'stay',
        };
        const { data, error } = await stream(asCompression(coding));
        assert.equal(data.length, 0);
        assert.ok(isClickHouseError(error) && error.code === 209, String(error));
        assert.equal(error.errorName, undefined);
      }
    });

    it(`the text of a 404 is read from its ${coding} body, with and without the code in the header`, async () => {
      for (const headers of [{}, { 'X-ClickHouse-Exception-Code': '60' }]) {
        const coded = coding === 'identity' ? {} : { 'Content-Encoding': coding };
        server.script = {
          packets: [
            head('404 Not Found', { ...headers, ...coded }),
            ...chunked(encode(UNKNOWN_TABLE, coding), 3),
            LAST_CHUNK,
          ],
          ending: 'stay',
        };
        const { error } = await stream(asCompression(coding));
        assert.ok(isClickHouseError(error), String(error));
        assert.deepEqual(
          [error.code, error.errorName, error.httpStatus],
          [60, 'UNKNOWN_TABLE', 404],
        );
        assert.match(error.message, /Table d\.t does not exist/);
      }
    });

    it(`ten thousand progress headers go before a ${coding} body`, async () => {
      const line = 'X-ClickHouse-Progress: {"read_rows":"1","read_bytes":"8"}\r\n';
      const block = resultHead('tagged', coding).replace(/\r\n$/, `${line.repeat(10_000)}\r\n`);
      const body = encode(ROWS, coding);
      server.script = { packets: [block, ...chunked(body, 9), LAST_CHUNK], ending: 'stay' };
      const { data, error } = await stream(asCompression(coding));
      assert.deepEqual([data.toString(), error], [ROWS, undefined]);
    });

    it(`a ${coding} body shorter than its Content-Length fails`, async () => {
      const body = encode(ROWS, coding);
      for (const ending of ['fin', 'reset'] as const) {
        for (const connection of ['close', 'keep-alive']) {
          const block = resultHead('tagged', coding, { Connection: connection }).replace(
            'Transfer-Encoding: chunked',
            `Content-Length: ${body.length + 1}`,
          );
          server.script = { packets: [block, body], ending };
          const { error } = await stream(asCompression(coding));
          assert.ok(isTruncatedResponseError(error), String(error));
        }
      }
    });

    it(`a ${coding} body that only its connection ends cannot be trusted`, async () => {
      const block = resultHead('tagged', coding).replace('Transfer-Encoding: chunked\r\n', '');
      server.script = { packets: [block, encode(ROWS, coding)], ending: 'fin' };
      const { error } = await stream(asCompression(coding));
      assert.ok(isProtocolError(error), String(error));
    });
  }

  for (const coding of CODINGS.filter((name) => name !== 'identity')) {
    it(`bytes after the end of ${coding} data fail`, async () => {
      const body = encode(ROWS, coding);
      for (const packets of [
        [chunk(Buffer.concat([body, Buffer.from(OLD_MESSAGE)]))],
        [chunk(body), chunk(OLD_MESSAGE)],
      ]) {
        server.script = {
          packets: [resultHead('tagged', coding), ...packets, LAST_CHUNK],
          ending: 'stay',
        };
        const { error } = await stream(coding);
        assert.ok(isProtocolError(error), String(error));
      }
    });

    it(`damaged ${coding} data fail`, async () => {
      const body = Buffer.from(encode(ROWS.repeat(100), coding));
      body.fill(0xff, 4, body.length - 4);
      server.script = {
        packets: [resultHead('tagged', coding), chunk(body), LAST_CHUNK],
        ending: 'stay',
      };
      const { error } = await stream(coding);
      assert.ok(isProtocolError(error) || isTruncatedResponseError(error), String(error));
    });

    const passed: Record<string, [Era, string, (error: unknown) => boolean]> = {
      'a tagged frame': ['tagged', ROWS + frame(MESSAGE), isClickHouseError],
      'an appended text': ['appended', ROWS + OLD_MESSAGE, isSuspectedTruncationError],
      'a whole result': ['tagged', ROWS, (error) => error === undefined],
      'a whole result of an old server': ['appended', ROWS, (error) => error === undefined],
    };
    for (const [name, [era, body, isExpected]] of Object.entries(passed)) {
      it(`${name} is seen through ${coding} that is passed on`, async () => {
        server.version = ERAS[era];
        const coded = encode(body, coding);
        server.script = {
          packets: [resultHead(era, coding), ...chunked(coded, 11), LAST_CHUNK],
          ending: 'stay',
        };
        const { data, error } = await stream(`passthrough:${coding}`);
        assert.ok(isExpected(error), String(error));
        assert.deepEqual(data, coded);
      });
    }
  }

  it('an old server behind a balancer, where the client knows of a new one: its appended error is no data', async () => {
    server.version = ERAS.tagged;
    const packets = [resultHead('appended', 'identity'), chunk(ROWS + OLD_MESSAGE), LAST_CHUNK];
    server.script = { packets, ending: 'stay' };
    assert.ok(isSuspectedTruncationError((await stream()).error));
  });

  for (const [era, buffers] of [
    ['tagged', false],
    ['untagged', false],
    ['inFormat', true],
    ['appended', true],
  ] as const) {
    it(`${era}: a coding that Node cannot read is ${buffers ? '' : 'not '}held back by the server`, async () => {
      server.version = ERAS[era];
      server.script = {
        packets: [
          resultHead(era, 'identity', { 'Content-Encoding': 'lz4' }),
          chunk('bytes'),
          LAST_CHUNK,
        ],
        ending: 'stay',
      };
      const { data, error } = await stream('passthrough:lz4');
      assert.deepEqual([data.toString(), error], ['bytes', undefined]);
      assert.equal(server.requests[0]?.includes('wait_end_of_query=1'), buffers);
    });
  }

  it('a server of 23.8 to 25.10 is asked to keep errors out of JSON, from the second result on', async () => {
    const packets = [resultHead('inFormat', 'identity'), chunk('1\n'), LAST_CHUNK];
    server.script = { packets, ending: 'stay' };
    for (const [era, asked] of [
      ['tagged', false],
      ['untagged', true],
      ['inFormat', true],
      ['appended', false],
    ] as const) {
      server.version = ERAS[era];
      const own = createClient({ url, pool });
      await own.serverInfo();
      server.requests.length = 0;
      await own.rawQuery('SELECT 1');
      const [request] = server.requests;
      assert.equal(request?.includes('http_write_exception_in_output_format=0'), asked, era);
    }
  });

  it('an error written as JSON or XML into a 500 is read', async () => {
    const bodies = {
      JSON: `{\n\t"meta":\n\t[\n\t],\n\n\t"rows": 0,\n\n\t"exception": ${JSON.stringify(MESSAGE)}\n}\n`,
      JSONEachRow: `{"exception": ${JSON.stringify(MESSAGE)}}\n`,
      XML: `<result>\n\t<rows>0</rows>\n\t<exception>${MESSAGE}</exception>\n</result>\n`,
    };
    for (const [format, body] of Object.entries(bodies)) {
      const headers = { 'X-ClickHouse-Exception-Code': '395', 'X-ClickHouse-Format': format };
      server.script = {
        packets: [head('500 Error', headers), chunk(body), LAST_CHUNK],
        ending: 'stay',
      };
      await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
        assert.ok(isClickHouseError(error));
        assert.match(error.message, /stop — /);
        return error.code === 395 && error.errorName === 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO';
      });
    }
  });

  for (const [status, text] of [
    ['401 Unauthorized', 'Wrong password'],
    ['403 Forbidden', '<h1>Blocked</h1>'],
  ] as const) {
    it(`${status} without a word of ClickHouse is an AuthError with a hint`, async () => {
      server.script = { packets: [head(status), chunk(text), LAST_CHUNK], ending: 'stay' };
      await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
        assert.ok(isAuthError(error), String(error));
        assert.equal(error.httpStatus, Number(status.slice(0, 3)));
        return (error.hint ?? '') !== '';
      });
    });
  }

  for (const [name, packets] of [
    ['a login page', [head('200 OK', { 'Content-Type': 'text/html' }), chunk('<p>Log in</p>')]],
    ['a part of a reply', [head('206 Partial Content'), chunk('1\n')]],
    ['a redirect', [head('302 Found', { Location: 'http://127.0.0.1:1/' }), chunk('x')]],
    ['a 404 of something else', [head('404 Not Found'), chunk('no such page')]],
  ] as const) {
    it(`${name} is no result`, async () => {
      server.script = { packets: [...packets, LAST_CHUNK], ending: 'stay' };
      const { data, error } = await stream();
      assert.equal(data.length, 0);
      assert.ok(isProtocolError(error), String(error));
    });
  }
});
