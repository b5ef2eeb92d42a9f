import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { Agent } from '../../../src/core/client/agents.ts';
import { withLargeReads } from '../../../src/core/client/connector.ts';
import { exchange } from '../../../src/core/client/exchange.ts';

const BYTES = 24 * 1024 * 1024;
/** A period that no buffer size is a multiple of. */
const PATTERN = Buffer.from(Array.from({ length: 9_973 }, (_, index) => index % 251));
const BODY = Buffer.alloc(BYTES, PATTERN);

describe('a large reply on a plain connection', () => {
  let server: Server;
  let agent: Dispatcher;
  let answer: (socket: Socket) => void;
  let requests = 0;
  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        answer(socket);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const connect = withLargeReads({ timeout: 5_000, keepAliveInitialDelay: 30_000 });
    agent = new Agent({ connections: 1, connect, maxHeaderSize: 8 * 1024 * 1024 });
  });
  afterEach(async () => {
    await agent.destroy();
    server.close();
  });

  /** Reads a reply; after every chunk of which `pauses` says so, it waits a turn of the event loop. */
  async function read(pauses: (chunk: number) => boolean): Promise<Buffer> {
    const { port } = server.address() as AddressInfo;
    const { reply } = exchange(agent, {
      origin: `http://127.0.0.1:${port}`,
      path: `/?${(requests += 1)}`,
      headers: {},
      body: 'SELECT 1',
      idleTimeoutMs: 0,
    });
    const { body } = await reply;
    const chunks: Buffer[] = [];
    await new Promise<void>((resolve, reject) => {
      body.start({
        data: (chunk) => {
          chunks.push(Buffer.from(chunk));
          if (!pauses(chunks.length)) return true;
          setImmediate(() => {
            body.resume();
          });
          return false;
        },
        end: resolve,
        error: reject,
      });
    });
    return Buffer.concat(chunks);
  }

  const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${BYTES}\r\n\r\n`;
  for (const [what, pauses] of [
    ['never pauses', () => false],
    ['pauses after every chunk', () => true],
    ['pauses now and then', (chunk: number) => chunk % 3 === 1],
  ] as const) {
    it(`arrives as it was sent when the reader ${what}`, async () => {
      answer = (socket) => {
        socket.write(whole);
        socket.write(BODY);
      };
      assert.ok((await read(pauses)).equals(BODY));
    });

    it(`arrives whole when the connection ends with it and the reader ${what}`, async () => {
      answer = (socket) => {
        socket.write(`${whole.trimEnd()}\r\nConnection: close\r\n\r\n`);
        socket.end(BODY);
      };
      assert.ok((await read(pauses)).equals(BODY));
    });

    it(`is an error when the connection ends before it is whole and the reader ${what}`, async () => {
      answer = (socket) => {
        socket.write(whole);
        socket.end(BODY.subarray(0, -1));
      };
      await assert.rejects(read(pauses), { code: 'UND_ERR_SOCKET' });
    });
  }

  it('has the headers that were sent, in however many pieces they come', async () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `X-Row: ${index} ${'x'.repeat(99)}`);
    const head = Buffer.from(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${names.join('\r\n')}\r\n\r\nOK`,
    );
    answer = (socket) => {
      const send = (at: number, size: number): void => {
        if (at >= head.length) return;
        socket.write(head.subarray(at, at + size), () => {
          setImmediate(send, at + size, Math.min(size * 3, 300_007));
        });
      };
      socket.setNoDelay(true);
      send(0, 1);
    };
    const { port } = server.address() as AddressInfo;
    const { reply } = exchange(agent, {
      origin: `http://127.0.0.1:${port}`,
      path: `/?${(requests += 1)}`,
      headers: {},
      body: 'SELECT 1',
      idleTimeoutMs: 0,
    });
    const { headers } = await reply;
    const rows = headers['x-row'];
    assert.ok(Array.isArray(rows));
    assert.equal(rows.length, 20_000);
    assert.deepEqual(
      rows.filter((row, index) => row !== `${index} ${'x'.repeat(99)}`),
      [],
    );
  });

  it('arrives in chunks of up to a megabyte', async () => {
    answer = (socket) => {
      socket.write(whole);
      socket.write(BODY);
    };
    let largest = 0;
    const { port } = server.address() as AddressInfo;
    const { reply } = exchange(agent, {
      origin: `http://127.0.0.1:${port}`,
      path: `/?${(requests += 1)}`,
      headers: {},
      body: 'SELECT 1',
      idleTimeoutMs: 0,
    });
    const { body } = await reply;
    await new Promise<void>((end, error) => {
      const data = (chunk: Buffer): boolean => {
        largest = Math.max(largest, chunk.length);
        return true;
      };
      body.start({ data, end, error });
    });
    assert.ok(largest > 64 * 1024, `the largest has ${largest} bytes`);
  });
});
