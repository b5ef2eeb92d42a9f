import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { isAuthError, isCancelledError } from '../../src/core/client/errors.ts';
import { classify } from '../../src/core/sql/kind.ts';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { Connections } from '../../src/host/connections/connections.ts';
import { ConnectionGoneError } from '../../src/host/connections/goneConnection.ts';
import { parseKept } from '../../src/host/results/keptResult.ts';
import { reopen } from '../../src/host/results/reopen.ts';
import { RestoredResult } from '../../src/host/results/restoredResult.ts';
import type { Result } from '../../src/host/results/result.ts';
import { statementAgain } from '../../src/host/results/runAgain.ts';
import { toKept } from '../../src/host/results/toKept.ts';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';
import { bareConnections } from './bareConnections.ts';
import { answer, restoreDialogs } from './dialogs.ts';
import { serverFor, startTestEngine, type TestServer } from './servers.ts';
import { rowhouse } from './support.ts';

const SNAPSHOT: ResultSnapshot = {
  id: 'kept',
  title: 'SELECT 1',
  source: 'work.sql',
  connection: 'main',
  state: 'done',
  columns: [],
  rows: 0,
  bytes: 0,
  elapsedMs: 1,
  complete: true,
  actions: [],
  timeZone: 'UTC',
  queryId: 'q',
};

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

  it('is that of a result from before the window was loaded again, and its own namesake is not', async () => {
    const result = async (before: Result): Promise<Result> => {
      const kept = { ...toKept(before), pinned: false, endedAt: 0 };
      const read = parseKept(JSON.stringify(kept));
      assert.ok(read);
      return (await reopen(read, undefined, connections)).result;
    };
    await configure(Global, [{ name: 'main', url: 'http://127.0.0.1:1', signIn: 'none' }]);
    await configure(Workspace, [{ name: 'main', url: 'http://127.0.0.1:2', signIn: 'none' }]);
    connections.reload();
    await connections.select('main', uri);
    const statement = { uri, sql: 'SELECT 1', offset: 0, kind: classify('SELECT 1') };
    const connection = connections.forDocument(uri);
    const origin = { statement, connection, params: {} };
    const trusted = await result(new RestoredResult(SNAPSHOT, origin, undefined));
    assert.equal(trusted.options.connection.profile?.url, 'http://127.0.0.1:2');

    setTrusted(false);
    const withheld = await result(trusted);
    assert.equal(withheld.options.connection.kind, 'gone');
    assert.equal(withheld.snapshot().connection, 'main of the workspace (gone)');
    await connections.select('main', uri);
    assert.throws(
      () => statementAgain(withheld, connections),
      /came from main of the workspace \(gone\), but its editor now uses main,/,
    );

    setTrusted(true);
    const back = await result(await result(withheld));
    assert.equal(back.options.connection.profile?.url, 'http://127.0.0.1:2');
    assert.equal(back.snapshot().connection, 'main');
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

    it('asks nobody any more when who joined has left, and takes an open question away', async () => {
      const { username: user } = engine.endpoint;
      await configure(Global, [{ name: 'far', url: server.url, user }]);
      connections.reload();
      let asked = 0;
      let leave = new AbortController();
      answer('showInputBox', (_options, token) => {
        asked += 1;
        leave.abort();
        return new Promise((resolve) => {
          (token as vscode.CancellationToken).onCancellationRequested(resolve);
        });
      });
      for (const leavesEarly of [true, false]) {
        leave = new AbortController();
        const background = connections.client('far', { ask: false });
        const joined = connections.client('far', { signal: leave.signal });
        if (leavesEarly) leave.abort();
        await assert.rejects(joined, isCancelledError);
        await assert.rejects(background, isAuthError);
        assert.equal(asked, leavesEarly ? 0 : 1);
      }
    });
  });
});
