import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { closeEditors, openSql, until } from './support.ts';

/** Absence can only be watched for; timers of an extension that asks by itself are mostly shorter. */
const IDLE_MS = 2_000;

interface Manifest {
  contributes: {
    commands: readonly { command: string }[];
    views: Readonly<Record<string, readonly { id: string }[]>>;
  };
}

describe('activation', () => {
  let extension: vscode.Extension<unknown>;
  let manifest: Manifest;

  before(async () => {
    const found = vscode.extensions.getExtension('rowhouse.rowhouse');
    assert.ok(found);
    extension = found;
    await extension.activate();
    const text = readFileSync(join(extension.extensionPath, 'package.json'), 'utf8');
    manifest = JSON.parse(text) as Manifest;
  });

  // This file's tests are the first of all, so that nothing has been used yet.
  it('loads no library, and nothing of running, saving and inserting', () => {
    const dist = join(extension.extensionPath, 'dist');
    const loaded = Object.keys(require.cache).filter((file) => file.startsWith(dist));
    assert.ok(loaded.includes(join(dist, 'extension.cjs')), loaded.join(' '));
    const sources = loaded.flatMap(sourcesOf);
    assert.ok(sources.some((source) => source.endsWith('src/extension.ts')));
    const later =
      /node_modules|core\/(arrow|chart|statistics|transfer\/(?!cancelled)|types)\/|core\/client\/(client|sessionCore)|sshTunnel|host\/[^.]*([cC]ommands|Page|runner|resultRun|serverClient)\.ts|import\/configFile/;
    assert.deepEqual(
      sources.filter((source) => later.test(source)),
      [],
    );
  });

  it('registers exactly the commands of the manifest', async () => {
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) =>
        command.startsWith('rowhouse.') &&
        // VS Code makes commands of its own for each view: focus, open, remove view…
        !Object.values(manifest.contributes.views)
          .flat()
          .some(({ id }) => command.startsWith(`${id}.`)),
    );
    assert.deepEqual(registered.sort(), declared.sort());
  });

  it('can show each of its views', async () => {
    for (const { id } of Object.values(manifest.contributes.views).flat()) {
      await vscode.commands.executeCommand(`${id}.focus`);
    }
  });
});

describe('a window in which nobody does anything', () => {
  it('sends nothing to any of ten connections, whatever is open', async () => {
    const ports: (number | undefined)[] = [];
    const server = createServer((socket) => {
      ports.push(socket.remotePort);
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = vscode.workspace.getConfiguration('rowhouse');
    const entries = Array.from({ length: 10 }, (_, i) => ({
      name: `idle ${i}`,
      url: `http://127.0.0.1:${port}`,
      ...(i > 5 && { hosts: [`localhost:${port}`], database: 'events' }),
    }));
    try {
      await settings.update('connections', entries, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('rowhouse.connections.focus');
      await vscode.commands.executeCommand('rowhouse.results.focus');
      for (const { name: id } of entries.slice(0, 3)) {
        const { document } = await openSql('SELECT 1;\nSELECT 2');
        await vscode.commands.executeCommand('rowhouse.selectConnection', {
          id,
          uri: document.uri,
        });
        const lenses = 'vscode.executeCodeLensProvider';
        assert.ok(await vscode.commands.executeCommand(lenses, document.uri));
      }
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
      // The server does count: this one is ours.
      const own = connect(port, '127.0.0.1');
      const ownPort = await new Promise((resolve) => {
        own.once('connect', () => {
          resolve(own.localPort);
        });
      });
      await until(() => ports.length > 0, 'a connection');
      assert.deepEqual(ports, [ownPort]);
      own.destroy();
    } finally {
      await settings.update('connections', undefined, vscode.ConfigurationTarget.Global);
      await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local' });
      await closeEditors();
      server.close();
    }
  });
});

/** What a bundle was made of, by its map. */
function sourcesOf(bundle: string): string[] {
  const map = `${bundle}.map`;
  if (!existsSync(map)) return [];
  return (JSON.parse(readFileSync(map, 'utf8')) as { sources: string[] }).sources;
}
