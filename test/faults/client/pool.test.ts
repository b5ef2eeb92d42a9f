import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createClient, createPool } from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';

/** Holds answers back until told, and counts connections. */
class HoldingServer {
  readonly sockets = new Set<Socket>();
  /** Connections ever made. */
  opened = 0;
  hold = true;
  readonly #waiting: ServerResponse[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      let sql = '';
      request.on('data', (bytes: Buffer) => (sql += bytes.toString()));
      request.on('end', () => {
        // Control statements are answered at once.
        if (this.hold && sql.includes('slow')) this.#waiting.push(response);
        else response.end('1\n');
      });
    });
    this.#server.on('connection', (socket) => {
      this.opened += 1;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  release(): void {
    this.hold = false;
    for (const response of this.#waiting.splice(0)) response.end('1\n');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, 'The condition did not come true.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the connection pool', () => {
  let server: HoldingServer;
  let url = '';
  const clients: Client[] = [];
  const pools: Pool[] = [];
  beforeEach(async () => {
    server = new HoldingServer();
    url = await server.listen();
  });
  afterEach(async () => {
    server.release();
    for (const client of clients.splice(0)) await client.close();
    for (const pool of pools.splice(0)) await pool.close();
    await server.close();
  });

  function makePool(options: Parameters<typeof createPool>[0] = {}): Pool {
    const pool = createPool(options);
    pools.push(pool);
    return pool;
  }

  function makeClient(pool?: Pool): Client {
    const client = createClient({ url, ...(pool === undefined ? {} : { pool }) });
    clients.push(client);
    return client;
  }

  for (const [name, shared] of [
    ['the default pool', true],
    ['a pool of their own', false],
  ] as const) {
    it(`${name} has eight connections for all clients together`, async () => {
      const pool = shared ? undefined : makePool();
      const all = [makeClient(pool), makeClient(pool)].flatMap((client) =>
        Array.from({ length: 10 }, () => client.rawQuery('SELECT slow')),
      );
      await until(() => server.waiting === 8);
      // Those that wait for a connection are not sent, whatever time passes.
      await makeClient(pool).ping();
      assert.equal(server.waiting, 8);
      assert.equal(server.opened, 9);
      server.release();
      await Promise.all(all);
      assert.equal(server.opened, 9);
    });
  }

  it('control statements do not wait for busy data connections', async () => {
    const client = makeClient(makePool({ connections: 2 }));
    const busy = Array.from({ length: 5 }, () => client.rawQuery('SELECT slow'));
    await until(() => server.waiting === 2);
    const ping = await client.ping({ timeoutMs: 1_000 });
    assert.equal(ping.ok, true);
    server.release();
    await Promise.all(busy);
  });

  it('pools of their own do not share connections', async () => {
    const first = makeClient(makePool({ connections: 1 })).rawQuery('SELECT slow');
    const second = makeClient(makePool({ connections: 1 })).rawQuery('SELECT slow');
    await until(() => server.waiting === 2);
    server.release();
    await Promise.all([first, second]);
  });

  it('a connection is kept for the next statement, and closed when it is too old', async () => {
    server.hold = false;
    const client = makeClient(makePool({ connections: 1, maxAgeMs: 150 }));
    await client.rawQuery('SELECT 1');
    await client.rawQuery('SELECT 2');
    assert.equal(server.opened, 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.rawQuery('SELECT 3');
    assert.equal(server.opened, 2);
    await until(() => server.sockets.size === 1);
  });

  it('statements go on when all connections are too old at once', async () => {
    server.hold = false;
    const client = makeClient(makePool({ connections: 2, maxAgeMs: 50 }));
    for (let round = 0; round < 3; round += 1) {
      const all = Array.from({ length: 6 }, () => client.rawQuery('SELECT 1'));
      for (const result of await Promise.all(all)) assert.equal(result.text(), '1\n');
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    assert.equal(server.opened, 6);
  });

  it('a statement that outlives its connection’s age is not disturbed', async () => {
    const client = makeClient(makePool({ connections: 2, maxAgeMs: 50 }));
    const long = client.rawQuery('SELECT slow');
    await until(() => server.waiting === 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const next = client.rawQuery('SELECT 2');
    await next;
    server.release();
    assert.equal((await long).text(), '1\n');
  });

  it('closing a client leaves the pool to the others; closing the pool ends what runs', async () => {
    const pool = makePool();
    const first = makeClient(pool);
    const second = makeClient(pool);
    await first.close();
    assert.equal((await second.rawQuery('SELECT 1')).text(), '1\n');
    const running = second.rawQuery('SELECT slow');
    await until(() => server.waiting === 1);
    await Promise.all([pool.close(), assert.rejects(running)]);
    await until(() => server.sockets.size === 0);
  });

  it('a pool waits for what runs when asked to', async () => {
    const pool = makePool();
    const running = makeClient(pool).rawQuery('SELECT slow');
    await until(() => server.waiting === 1);
    const closing = pool.close({ drainMs: 5_000 });
    server.release();
    assert.equal((await running).text(), '1\n');
    await closing;
  });
});
