import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** An HTTP proxy that makes tunnels, or refuses to. */
export class ProxyServer {
  /** What it answers to CONNECT; 0: nothing at all. */
  status = 200;
  /** Wanted `Proxy-Authorization`. */
  authorization: string | undefined;
  /** `host:port` of each tunnel asked for. */
  readonly targets: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((_request, response) => {
      response.writeHead(500).end('only tunnels');
    });
    this.#server.on('connection', (socket) => {
      this.#keep(socket);
    });
    this.#server.on('connect', (request: IncomingMessage, socket: Socket) => {
      this.#connect(request, socket);
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

  #connect(request: IncomingMessage, socket: Socket): void {
    this.targets.push(request.url ?? '');
    if (this.status === 0) return;
    const known =
      this.authorization === undefined ||
      request.headers['proxy-authorization'] === this.authorization;
    const status = known ? this.status : 407;
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.resetAndDestroy());
    this.#keep(target);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
  }
}
