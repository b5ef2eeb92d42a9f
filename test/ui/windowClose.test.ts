import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { createClient } from '../../src/core/client/index.ts';
import type { Client } from '../../src/core/client/surface.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { useEngine } from '../engine/fixture.ts';
import { openFile, setText } from './harness/editor.ts';
import { waitForResult } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { pick, runCommand } from './harness/quickInput.ts';
import { until } from './harness/until.ts';
import { Workbench } from './harness/workbench.ts';

const SLOW =
  'SELECT sleepEachRow(0.05) AS outlives FROM numbers(100000) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0';

/** An engine as a server that lets everybody in, which outlives the window. */
async function openServer({ url, username, password, headers }: EngineEndpoint) {
  const signIn = { ...headers, 'X-ClickHouse-User': username, 'X-ClickHouse-Key': password };
  const server = http.createServer((request, response) => {
    const { method, url: path = '/' } = request;
    const own = { ...request.headers, ...signIn };
    const forwarded = http.request(`${url}${path}`, { method, headers: own }, (reply) => {
      response.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('a window that closes while a statement runs', function () {
  this.timeout(60_000);
  const engine = useEngine();
  let server: http.Server;
  let witness: Client;
  let workbench: Workbench;
  watch(() => workbench);

  before(async () => {
    const open = await openServer(engine());
    ({ server } = open);
    witness = createClient(engine());
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'query.sql': '\n' },
      settings: { 'rowhouse.connections': [{ name: 'outside', url: open.url, signIn: 'none' }] },
    });
  });
  after(async () => {
    await workbench.stop();
    await witness.close();
    server.closeAllConnections();
    server.close();
  });

  it('ends it on the server', async () => {
    const { page } = workbench;
    await openFile(page, 'query.sql');
    await runCommand(page, 'ClickHouse: Select Connection');
    await pick(page, 'outside');
    await setText(page, SLOW);
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'AS outlives', state: 'running' });
    const running = async (): Promise<boolean> =>
      (
        await witness.rawQuery(
          "SELECT count() FROM system.processes WHERE query LIKE '%AS outlives%' AND query NOT LIKE '%processes%'",
        )
      ).text() !== '0\n';
    await until(running, 10_000, 'the statement on the server');
    await page.goto('about:blank');
    await until(async () => !(await running()), 10_000, 'its end on the server');
  });
});
