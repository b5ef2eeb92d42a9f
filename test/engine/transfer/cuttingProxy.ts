import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How one reply is to be cut. */
export interface Cut {
  /** The reply to the request with this query id. */
  readonly queryId: string;
  /**
   * After so many bytes of the reply, its headers included; or so many, at most 5, before its end; or
   * after so many bytes of the request.
   */
  readonly at:
    { readonly bytes: number } | { readonly beforeEnd: number } | { readonly sent: number };
  /** An orderly end of the connection, or a reset. */
  readonly how: 'fin' | 'reset';
}

const LAST_CHUNK = '0\r\n\r\n';

/**
 * A TCP proxy before the engine that cuts one request or reply where it is told to. It pauses for requests, never
 * for replies, which must be small.
 */
export class CuttingProxy {
  /** The header blocks of uploads that passed, the latest last. */
  readonly uploads: string[] = [];
  /** For the next request with its query id; cleared when it was cut. */
  cut: Cut | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(upstreamPort: number) {
    this.#server = createServer((socket) => {
      const upstream = connect(upstreamPort, '127.0.0.1');
      for (const each of [socket, upstream]) {
        this.#sockets.add(each);
        each.on('close', () => this.#sockets.delete(each));
        each.on('error', () => undefined);
      }
      this.#join(socket, upstream);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(socket: Socket, upstream: Socket): void {
    let cut: Cut | undefined;
    let passed = 0;
    let sent = 0;
    socket.on('data', (bytes) => {
      if (this.cut !== undefined && bytes.includes(`query_id=${this.cut.queryId}`)) {
        cut = this.cut;
        passed = 0;
        sent = 0;
      }
      const end = bytes.indexOf('\r\n\r\n');
      if (bytes.includes('content-type: application/octet-stream')) {
        this.uploads.push(bytes.toString('latin1', 0, end));
      }
      sent += bytes.length;
      if (cut !== undefined && 'sent' in cut.at && sent >= cut.at.sent) {
        this.cut = undefined;
        if (cut.how === 'fin') upstream.end();
        else upstream.resetAndDestroy();
        socket.destroy();
        return;
      }
      if (!upstream.write(bytes)) {
        socket.pause();
        upstream.once('drain', () => socket.resume());
      }
    });
    upstream.on('data', (bytes) => {
      const room = cut === undefined ? undefined : roomFor(cut, bytes, passed);
      passed += bytes.length;
      if (cut === undefined || room === undefined) {
        socket.write(bytes);
        return;
      }
      const { how } = cut;
      this.cut = undefined;
      upstream.destroy();
      socket.write(bytes.subarray(0, room), () => {
        if (how === 'fin') socket.end();
        else socket.resetAndDestroy();
      });
    });
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => {
      if (cut === undefined || this.cut !== undefined) socket.destroy();
    });
  }
}

/** How many of the bytes may pass; undefined: all, and there is more to come. */
function roomFor({ at }: Cut, bytes: Buffer, passed: number): number | undefined {
  if ('sent' in at) return undefined;
  if ('bytes' in at) {
    return at.bytes < passed + bytes.length ? at.bytes - passed : undefined;
  }
  return bytes.subarray(-LAST_CHUNK.length).toString('latin1') === LAST_CHUNK
    ? bytes.length - at.beforeEnd
    : undefined;
}
