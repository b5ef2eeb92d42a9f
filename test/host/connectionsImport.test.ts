import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import { answer, listen, restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, startTestEngine } from './servers.ts';
import { closeEditors, openSql, rowhouse, runAndRead } from './support.ts';

/** The file has native ports, whose HTTP ports nobody else has at these addresses. */
const [HERE, NOBODY] = ['127.83.12.3', '127.83.12.4'];

interface Entry {
  readonly name: string;
}

function entries(): readonly Entry[] {
  return vscode.workspace.getConfiguration('rowhouse').get<Entry[]>('connections', []);
}

describe("import of clickhouse-client's configuration, by its command", () => {
  let engine: Engine;
  let server: TestServer;
  let folder: string;
  let file: string;

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    server = await serverFor(engine.endpoint, { at: { host: HERE, port: 8123 } });
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-import-'));
    file = path.join(folder, 'config.xml');
    const { username, password } = engine.endpoint;
    const one = (name: string, host: string): string =>
      `<connection><name>${name}</name><hostname>${host}</hostname><port>9000</port>` +
      `<user>${username}</user><password>${password}</password></connection>`;
    const list = `${one('mine', HERE)}${one('gone', NOBODY)}`;
    writeFileSync(
      file,
      `<config><connections_credentials>${list}</connections_credentials></config>`,
    );
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
    await engine.stop();
  });

  afterEach(async () => {
    restoreDialogs();
    for (const { name } of entries()) {
      const argument = { id: name, confirm: false };
      await vscode.commands.executeCommand('rowhouse.removeConnection', argument);
    }
    await closeEditors();
  });

  it('shows what there is, tests it, imports what works, and its password is used', async () => {
    const { username, password } = engine.endpoint;
    const shown: vscode.QuickPickItem[] = [];
    answer('showQuickPick', (items) => {
      shown.push(...(items as vscode.QuickPickItem[]));
      return items;
    });
    const asked: string[] = [];
    answer('showWarningMessage', (text, options) => {
      asked.push(`${String(text)} ${(options as vscode.MessageOptions).detail ?? ''}`);
      return 'Import those that answered';
    });
    const prompts = listen('showInputBox');
    assert.deepEqual(
      await vscode.commands.executeCommand('rowhouse.importConnections', { path: file }),
      ['mine'],
    );
    assert.deepEqual(
      shown.map(({ label, description }) => [label, description]),
      [
        ['mine', `${username}@http://${HERE}:8123`],
        ['gone', `${username}@http://${NOBODY}:8123`],
      ],
    );
    assert.match(asked[0] ?? '', /^1 of 2 connections did not work\..*127\.83\.12\.4/s);
    const texts = shown.map(({ label, description, detail }) => [label, description, detail]);
    assert.ok(!JSON.stringify([texts, asked]).includes(password));
    assert.deepEqual(entries(), [{ name: 'mine', url: `http://${HERE}:8123`, user: username }]);
    const { uri } = (await openSql('SELECT 1')).document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'mine', uri });
    assert.deepEqual(await runAndRead(uri, 'SELECT currentUser()'), [[username]]);
    assert.deepEqual(prompts, [], 'The password was asked for.');
  });

  it('takes its answers as arguments, and a second import changes no name', async () => {
    const argument = { path: file, names: ['mine'], test: false };
    const run = (): Thenable<unknown> =>
      vscode.commands.executeCommand('rowhouse.importConnections', argument);
    assert.deepEqual(await run(), ['mine']);
    assert.deepEqual(await run(), [], 'There is a "mine" already: the file\'s would be "mine 2".');
    assert.equal(entries().length, 1);
  });

  it('says what is wrong with a file, and tells nothing of its content', async () => {
    writeFileSync(file, '<config><password>planted</config>');
    await assert.rejects(
      Promise.resolve(vscode.commands.executeCommand('rowhouse.importConnections', { path: file })),
      (error: Error) => error.message.includes(file) && !error.message.includes('planted'),
    );
  });
});
