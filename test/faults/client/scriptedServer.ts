import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** How the server ends a connection after its bytes: an orderly end, a reset, or not at all. */
export type Ending = 'fin' | 'reset' | 'stay';

export interface Script {
  /** Written one after another, each in a packet of its own. */
  readonly packets: readonly (string | Buffer)[];
  readonly ending: Ending;
}

/** A TCP server that answers every request with exact bytes, for faults no real server makes to order. */
export class ScriptedServer {
  script: Script = { packets: [], ending: 'fin' };
  /** So many requests are answered by a reset, before the script goes on. */
  resetNext = 0;
  /** What the server says when it is asked for its version; undefined: the script answers that too. */
  version: string | undefined;
  /** Answers one after another; when they are used up, `script` follows. */
  readonly queue: Script[] = [];
  /** Heads and bodies of the requests, as they came, without those for the version. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      let request = '';
      socket.on('data', (bytes) => {
        request += bytes.toString('latin1');
        if (!isWhole(request)) return;
        const whole = request;
        request = '';
        if (this.version !== undefined && whole.includes('SELECT version()')) {
          socket.write(versionReply(this.version));
          return;
        }
        this.requests.push(whole);
        void this.#answer(socket);
      });
    });
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(socket: Socket): Promise<void> {
    if (this.resetNext > 0) {
      this.resetNext -= 1;
      socket.resetAndDestroy();
      return;
    }
    const { packets, ending } = this.queue.shift() ?? this.script;
    for (const packet of packets) {
      await new Promise((resolve) => socket.write(packet, resolve));
      // Lets the reader see the packets one by one.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (ending === 'fin') socket.end();
    if (ending === 'reset') socket.resetAndDestroy();
  }
}

function versionReply(version: string): Buffer {
  const line = `${version}\tUTC\tdefault\tdefault\t0\n`;
  return Buffer.concat([Buffer.from(head('200 OK')), chunk(line), Buffer.from(LAST_CHUNK)]);
}

function isWhole(request: string): boolean {
  const end = request.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /content-length: (\d+)/i.exec(request.slice(0, end))?.[1];
  return length === undefined
    ? request.endsWith('0\r\n\r\n')
    : request.length >= end + 4 + Number(length);
}

/** A header block with chunked body. */
export function head(status: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'Transfer-Encoding': 'chunked', ...headers });
  return `HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** One chunk of a chunked body. */
export function chunk(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data as string);
  return Buffer.concat([
    Buffer.from(`${bytes.length.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
}

export const LAST_CHUNK = '0\r\n\r\n';
