import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isAuthError } from '../../src/core/client/errors.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { Connections } from '../../src/host/connections/connections.ts';
import { ConnectionGoneError } from '../../src/host/connections/goneConnection.ts';
import { bareConnections } from './bareConnections.ts';
import { answer, restoreDialogs } from './dialogs.ts';
import { serverFor, startTestEngine, type TestServer } from './servers.ts';
import { rowhouse } from './support.ts';

const { Global, Workspace } = vscode.ConfigurationTarget;

describe('the connection of a document', () => {
  const uri = vscode.Uri.file('/work.sql');
  const other = vscode.Uri.file('/other.sql');
  let connections: Connections;

  async function configure(target: vscode.ConfigurationTarget, entries: unknown): Promise<void> {
    await vscode.workspace.getConfiguration('rowhouse').update('connections', entries, target);
  }

  function setTrusted(isTrusted: boolean): void {
    Object.defineProperty(vscode.workspace, 'isTrusted', {
      configurable: true,
      get: () => isTrusted,
    });
    connections.reload();
  }

  before(rowhouse);

  beforeEach(() => {
    connections = bareConnections();
  });

  afterEach(async () => {
    restoreDialogs();
    setTrusted(true);
    connections.dispose();
    await configure(Workspace, undefined);
    await configure(Global, undefined);
  });

  it('that a workspace defines is never taken for one of the user that has its name', async () => {
    await configure(Global, [{ name: 'main', url: 'http://127.0.0.1:1', signIn: 'none' }]);
    await configure(Workspace, [{ name: 'main', url: 'http://127.0.0.1:2', signIn: 'none' }]);
    connections.reload();
    await connections.select('main', uri);
    assert.equal(connections.forDocument(uri).profile?.url, 'http://127.0.0.1:2');

    setTrusted(false);
    for (const document of [uri, other]) {
      const { kind, name, id } = await connections.pin(document);
      assert.deepEqual([kind, name], ['gone', 'main of the workspace (gone)']);
      await assert.rejects(connections.client(id), (error) => {
        assert.ok(error instanceof ConnectionGoneError);
        assert.match(error.message, /workspace that is not trusted are ignored/);
        return true;
      });
    }
    // The user's own one, chosen here, is meant.
    await connections.select('main', other);
    assert.equal(connections.forDocument(other).profile?.url, 'http://127.0.0.1:1');

    setTrusted(true);
    assert.equal(connections.forDocument(uri).profile?.url, 'http://127.0.0.1:2');
    // As after another branch of the repository was checked out.
    await configure(Workspace, undefined);
    connections.reload();
    assert.equal((await connections.pin(uri)).kind, 'gone');
    assert.equal(connections.forDocument(uri).name, 'main of the workspace (gone)');
  });

  describe('whose password is not known', () => {
    let engine: Engine;
    let server: TestServer;

    before(async () => {
      engine = await startTestEngine();
      server = await serverFor(engine.endpoint);
    });
    after(async () => {
      await server.close();
      await engine.stop();
    });

    it('is asked for it by who joins an attempt that was begun in the background', async () => {
      const { username: user, password } = engine.endpoint;
      await configure(Global, [{ name: 'far', url: server.url, user }]);
      connections.reload();
      let asked = 0;
      answer('showInputBox', () => {
        asked += 1;
        return password;
      });
      await assert.rejects(connections.client('far', { ask: false }), isAuthError);
      assert.equal(asked, 0, 'nobody is asked in the background');
      const background = connections.client('far', { ask: false });
      const own = connections.client('far');
      const client = await own;
      assert.equal(await background, client);
      assert.equal(asked, 1);
      assert.equal((await client.rawQuery('SELECT 42')).text().trim(), '42');
      await connections.close();
    });
  });
});
