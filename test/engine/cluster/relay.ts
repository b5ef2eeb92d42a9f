import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A way between two nodes of a cluster. It turns a reset into an orderly end: a local engine, unlike a server, ends
 * itself when another node resets a connection of the native protocol, as nodes do when a query is cancelled.
 */
export class Relay {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  /** Starts to listen. @returns the port */
  async open(targetPort: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true }, (client) => {
      const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
      this.#join(client, target);
      this.#join(target, client);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      if (to.writable) to.write(bytes);
    });
    from.on('end', () => to.end());
    from.on('error', () => to.end());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.end();
    });
  }
}
