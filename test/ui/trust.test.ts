import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { delimiter } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { type FakeSsh, makeFakeSsh } from '../engine/ssh/fakeSsh.ts';
import { openFile } from './harness/editor.ts';
import { resultsPage, waitForResult } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { dismiss, runCommand } from './harness/quickInput.ts';
import { expand, showContainer, treeRow } from './harness/views.ts';
import { Workbench } from './harness/workbench.ts';

describe('a workspace that is not trusted', function () {
  this.timeout(60_000);
  let workbench: Workbench;
  let server: Server;
  let ssh: FakeSsh;
  let connections = 0;
  watch(() => workbench);

  before(async () => {
    ssh = await makeFakeSsh();
    server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = {
      'rowhouse.engine.path': '/bin/false',
      'rowhouse.connections': [
        { name: 'theirs', url, signIn: 'none' },
        { name: 'theirs, several', url, hosts: [url.replace('127.0.0.1', 'localhost')] },
        { name: 'theirs, by SSH', url, ssh: 'ada@bastion' },
        { name: 'mine', url, signIn: 'none' },
      ],
    };
    workbench = await Workbench.start({
      trusted: false,
      extensions: [root],
      files: { 'query.sql': 'SELECT 1', '.vscode/settings.json': JSON.stringify(settings) },
      // Nothing listens there.
      settings: {
        'rowhouse.connections': [{ name: 'mine', url: 'http://127.0.0.1:1', signIn: 'none' }],
      },
      env: { PATH: `${ssh.folder}${delimiter}${process.env['PATH'] ?? ''}` },
    });
    await openFile(workbench.page, 'query.sql');
  });
  after(async () => {
    await workbench.stop();
    server.close();
    await ssh.remove();
  });

  it("shows the user's own connections and none of its settings", async () => {
    const { page } = workbench;
    await showContainer(page, 'ClickHouse');
    await treeRow(page, 'mine').waitFor();
    await treeRow(page, 'Local ClickHouse').waitFor();
    assert.equal(await page.locator('.part.sidebar').getByText('theirs').count(), 0);
    await runCommand(page, 'ClickHouse: Select Connection');
    const list = page.locator('.quick-input-widget');
    await list.locator('.monaco-list-row', { hasText: 'mine' }).waitFor();
    assert.equal(await list.getByText('theirs').count(), 0);
    await dismiss(page);
  });

  it('starts no engine, no ssh, and connects nowhere by its own settings', async () => {
    const { page } = workbench;
    await openFile(page, 'query.sql');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'SELECT 1', state: 'failed' });
    const error = resultsPage(page).getByRole('region', { name: 'Error' });
    await error.getByText(/not trusted, so the local ClickHouse is not started/).waitFor();
    await showContainer(page, 'ClickHouse');
    // The one named "mine" is the user's.
    await expand(treeRow(page, 'mine'));
    await page
      .locator('.part.sidebar')
      .getByText(/127\.0\.0\.1:1\b.*nothing accepts it/)
      .waitFor();
    assert.equal(connections, 0);
    assert.deepEqual(await ssh.calls(), []);
  });
});
