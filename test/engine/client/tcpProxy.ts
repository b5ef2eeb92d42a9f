import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * What happens to connections and bytes on the way: `pass`; `refuse`: nothing listens; `blackHole`: taken, never
 * answered; `reset`: reset at the first bytes; `halfClose`: the server's side ends after the request; `cut`: reset in the
 * middle of a reply that is longer than its headers.
 */
export type Fault = 'pass' | 'blackHole' | 'reset' | 'halfClose' | 'cut';

/** More than the headers of a reply. */
const HEADERS_BYTES = 8 * 1024;

/** A TCP proxy before a real server, with faults to order. */
export class TcpProxy {
  fault: Fault = 'pass';
  /** Milliseconds that each packet of the reply waits. */
  delayMs = 0;
  /** Bytes of requests that came. */
  received = 0;
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  get url(): string {
    return `${this.#target.protocol}//127.0.0.1:${this.#port}`;
  }

  /** True while connections are open. */
  get isUsed(): boolean {
    return this.#sockets.size > 0;
  }

  /** Listens, on the port of before if there was one. */
  async open(): Promise<this> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#serve(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  /** From now on connections are refused; those that are open are reset. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #serve(client: Socket): void {
    this.#own(client);
    const server = this.#own(connect(Number(this.#target.port), this.#target.hostname));
    client.on('data', (bytes) => {
      this.received += bytes.length;
      if (this.fault === 'reset') client.resetAndDestroy();
      else if (this.fault === 'halfClose') client.end();
      else if (this.fault !== 'blackHole') server.write(bytes);
    });
    let replied = 0;
    server.on('data', (bytes) => {
      replied += bytes.length;
      if (this.fault === 'blackHole') return;
      const pass = (): void => {
        if (client.destroyed) return;
        if (this.fault === 'cut' && replied > HEADERS_BYTES) {
          client.write(bytes.subarray(0, bytes.length / 2), () => client.resetAndDestroy());
        } else {
          client.write(bytes);
        }
      };
      if (this.delayMs === 0) pass();
      else setTimeout(pass, this.delayMs);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => {
      if (this.fault !== 'blackHole') client.end();
    });
  }

  #own(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    return socket;
  }
}
