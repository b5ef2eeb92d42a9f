import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../../src/core/client/agents.ts';
import { withLargeReads } from '../../../src/core/client/connector.ts';
import { exchange } from '../../../src/core/client/exchange.ts';
import { FileChunks } from '../../../src/core/transfer/fileChunks.ts';

const CONTENT = randomBytes(20 * 1024 * 1024 + 7);

/** Memory that is used again must not be overwritten before the system has taken what was in it. */
it('a file arrives as it is at a server that reads slowly', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rowhouse-upload-'));
  const path = join(folder, 'x');
  await writeFile(path, CONTENT);
  const hash = createHash('sha256');
  let received = 0;
  const server = createServer((socket) => {
    let inBody = false;
    socket.on('data', (bytes) => {
      const start = inBody ? 0 : bytes.indexOf('\r\n\r\n') + 4;
      inBody = true;
      hash.update(bytes.subarray(start));
      received += bytes.length - start;
      if (received >= CONTENT.length) {
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      socket.pause();
      setTimeout(() => socket.resume(), 1);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connect = withLargeReads({ timeout: 5_000, keepAliveInitialDelay: 30_000 });
  const agent = new Agent({ connections: 1, connect });
  try {
    const { port } = server.address() as AddressInfo;
    const { reply } = exchange(agent, {
      origin: `http://127.0.0.1:${port}`,
      path: '/?upload',
      headers: { 'content-length': String(CONTENT.length) },
      body: new FileChunks(path, CONTENT.length),
      idleTimeoutMs: 0,
    });
    assert.equal((await reply).status, 200);
    assert.equal(hash.digest('hex'), createHash('sha256').update(CONTENT).digest('hex'));
  } finally {
    await agent.destroy();
    server.close();
    await rm(folder, { recursive: true });
  }
});
