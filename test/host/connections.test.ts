import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import { isRowhouseError } from '../../src/core/client/errors.ts';
import { answer, answerPicks, listen, restoreDialogs } from './dialogs.ts';
import { type TestServer, serverFor, serverSaying, startTestEngine } from './servers.ts';
import { closeEditors, openSql, resultOf, rowhouse, runAndRead } from './support.ts';

const NATIVE_PORT_ANSWER =
  'HTTP/1.0 400 Bad Request\r\n\r\nPort 9000 is for clickhouse-client program\r\nYou must use port 8123 for HTTP.\r\n';

interface Entry {
  readonly name: string;
  readonly url: string;
  readonly user?: string;
  readonly database?: string;
}

function entries(): readonly Entry[] {
  return vscode.workspace.getConfiguration('rowhouse').get<Entry[]>('connections', []);
}

async function clear(): Promise<void> {
  for (const { name } of entries()) {
    await vscode.commands.executeCommand('rowhouse.removeConnection', { id: name, confirm: false });
  }
}

function add(argument: object): Thenable<unknown> {
  return vscode.commands.executeCommand('rowhouse.addConnection', argument);
}

describe('connections', () => {
  let engine: Engine;
  let server: TestServer;
  let login: { url: string; user: string; password: string };

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
  });

  after(() => engine.stop());

  beforeEach(async () => {
    server = await serverFor(engine.endpoint);
    const { username, password } = engine.endpoint;
    login = { url: server.url, user: username, password };
  });

  afterEach(async () => {
    restoreDialogs();
    await clear();
    await closeEditors();
    await server.close();
  });

  it('are tested, then saved without their password, and used by the document that selects them', async () => {
    await add({ name: 'mine', ...login, database: 'system' });
    assert.deepEqual(entries(), [
      { name: 'mine', url: server.url, user: login.user, database: 'system' },
    ]);
    const { document } = await openSql('SELECT 1');
    await vscode.commands.executeCommand('rowhouse.selectConnection', {
      id: 'mine',
      uri: document.uri,
    });
    const before = server.requests.length;
    const rows = await runAndRead(document.uri, 'SELECT currentUser(), currentDatabase()');
    assert.deepEqual(rows, [[login.user, 'system']]);
    assert.ok(server.requests.length > before, 'It did not run on the selected server.');
  });

  it('with a wrong password are refused by name, and nothing is saved', async () => {
    await assert.rejects(
      Promise.resolve(add({ name: 'x', ...login, password: 'wrong' })),
      (error) => {
        assert.ok(isRowhouseError(error));
        assert.equal(error.kind, 'auth');
        return true;
      },
    );
    assert.deepEqual(entries(), []);
  });

  it('fail differently for a dead port, the native port and a TLS mismatch, each with a hint', async () => {
    const native = await serverSaying(NATIVE_PORT_ANSWER);
    const dead = await serverSaying('');
    await dead.close();
    const said = new Set<string>();
    const failures: [string, string[]][] = [
      [dead.url, ['connect']],
      [native.url, ['wrongPort']],
      [server.url.replace('http:', 'https:'), ['wrongPort', 'connect']],
    ];
    for (const [url, kinds] of failures) {
      await assert.rejects(Promise.resolve(add({ name: 'x', url })), (error) => {
        assert.ok(isRowhouseError(error), String(error));
        assert.ok(kinds.includes(error.kind), `${url}: ${error.kind} ${error.message}`);
        assert.ok(error.hint !== undefined && error.hint !== '', `${error.message} has no hint`);
        said.add(`${error.kind}: ${error.message.replace(url, '')} ${error.hint}`);
        return true;
      });
    }
    assert.equal(said.size, failures.length);
    assert.deepEqual(entries(), []);
    await native.close();
  });

  it('whose password is not accepted ask for it, store it, and do not ask again', async () => {
    const asked: string[] = [];
    answer('showInputBox', (options) => {
      asked.push((options as vscode.InputBoxOptions).prompt ?? '');
      return asked.length === 1 ? 'wrong' : login.password;
    });
    await add({ name: 'asks', url: server.url, user: login.user, test: false });
    const { document } = await openSql('SELECT 1');
    const { uri } = document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'asks', uri });
    assert.deepEqual(await runAndRead(uri, 'SELECT 42'), [['42']]);
    assert.deepEqual(await runAndRead(uri, 'SELECT 43'), [['43']]);
    assert.equal(asked.length, 2);
    await vscode.commands.executeCommand('rowhouse.editConnection', {
      id: 'asks',
      database: 'system',
    });
    assert.deepEqual(await runAndRead(uri, 'SELECT currentDatabase()'), [['system']]);
    assert.equal(asked.length, 2, 'The stored password was not used.');
    assert.ok(!JSON.stringify(entries()).includes(login.password));
  });

  it('that are pointed at another server do not hand it the old password', async () => {
    await add({ name: 'moves', ...login });
    const other = await serverFor(engine.endpoint);
    await assert.rejects(
      Promise.resolve(
        vscode.commands.executeCommand('rowhouse.editConnection', { id: 'moves', url: other.url }),
      ),
      (error) => isRowhouseError(error) && error.kind === 'auth',
    );
    await vscode.workspace
      .getConfiguration('rowhouse')
      .update('connections', [{ name: 'moves', url: other.url, user: login.user }], true);
    answer('showInputBox', () => undefined);
    const { document } = await openSql('SELECT 1');
    const { uri } = document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'moves', uri });
    const outcome = await (await rowhouse()).run({ uri, sql: 'SELECT 1' });
    assert.ok(outcome?.error);
    assert.ok(other.requests.length > 0);
    const { password } = login;
    const secrets = [password, Buffer.from(`${login.user}:${password}`).toString('base64')];
    for (const { headers } of other.requests) {
      const sent = JSON.stringify(headers);
      for (const secret of secrets) assert.ok(!sent.includes(secret), 'The password was sent.');
    }
    await other.close();
  });

  it('are removed after a question, with their password; new documents begin with the local one', async () => {
    await add({ name: 'gone', ...login });
    const { document } = await openSql('SELECT 1');
    const { uri } = document;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'gone', uri });
    answer('showWarningMessage', () => undefined);
    await vscode.commands.executeCommand('rowhouse.removeConnection', { id: 'gone' });
    assert.equal(entries().length, 1, 'Removed without consent.');
    answer('showWarningMessage', () => 'Remove');
    await vscode.commands.executeCommand('rowhouse.removeConnection', { id: 'gone' });
    assert.deepEqual(entries(), []);
    const requests = server.requests.length;
    const other = (await openSql('SELECT 1')).document.uri;
    await runAndRead(other, 'SELECT 1');
    assert.equal(server.requests.length, requests, 'It still ran on the removed server.');
    const asked: unknown[] = [];
    answer('showInputBox', (options) => asked.push(options) && undefined);
    await add({ name: 'gone', url: server.url, user: login.user, test: false });
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'gone', uri });
    await (await rowhouse()).run({ uri, sql: 'SELECT 1' });
    assert.equal(asked.length, 1, 'The password of the removed connection was kept.');
    assert.match((await resultOf(uri)).error?.message ?? '', /Authentication failed/);
    assert.deepEqual(vscode.languages.getDiagnostics(uri), [], 'The statement has no mistake.');
  });

  it('that are gone leave their documents without one, until another is chosen', async () => {
    const api = await rowhouse();
    const insert = 'INSERT INTO FUNCTION null() SELECT {n:Int8}';
    const choose = (id: string, uri: vscode.Uri): Thenable<unknown> =>
      vscode.commands.executeCommand('rowhouse.selectConnection', { id, uri });
    const write = (connections: object[]): Thenable<void> =>
      vscode.workspace.getConfiguration('rowhouse').update('connections', connections, true);
    const left = { id: 'leaves', confirm: false };
    const ways: [() => Thenable<unknown>, RegExp][] = [
      [() => vscode.commands.executeCommand('rowhouse.removeConnection', left), /was removed/],
      [() => write(entries().map((entry) => ({ ...entry, name: 'comes' }))), /or renamed/],
      [() => write([{ name: 'leaves', url: '?' }]), /cannot be used: Entry 1/],
    ];
    for (const [leave, why] of ways) {
      await write([]);
      await add({ name: 'leaves', ...login, test: false });
      // Chosen for this document, and for the window: the second one has no choice of its own.
      const { uri } = (await openSql('SELECT 1')).document;
      await choose('leaves', uri);
      const follower = (await openSql('SELECT 1')).document.uri;
      assert.deepEqual(await runAndRead(uri, 'SELECT currentUser()'), [[login.user]]);
      await leave();
      const { length } = server.requests;
      for (const document of [uri, follower]) {
        const outcome = await api.run({ uri: document, sql: insert });
        assert.match(outcome?.error ?? '', /"leaves" is gone, so nothing was run/);
        const { error, actions, connection } = await resultOf(document);
        assert.match(error?.message ?? '', why);
        assert.equal(connection, 'leaves (gone)');
        assert.deepEqual(
          actions.map(({ id }) => id),
          ['rowhouse.selectConnection', 'rowhouse.openConnectionSettings'],
        );
        const target = vscode.Uri.joinPath(document, '..', 'never.csv');
        const save = { uri: document, sql: 'SELECT 1', format: 'CSV', target };
        await assert.rejects(Promise.resolve(api.saveResultsAs(save)), /is gone/);
      }
      assert.equal(server.requests.length, length, 'Something was sent.');
      await choose('local', uri);
      assert.deepEqual(await runAndRead(uri, 'SELECT 8'), [['8']]);
    }
    await write([]);
  });

  it('keep a document where it is when another one selects a server', async () => {
    await add({ name: 'mine', ...login });
    const first = (await openSql('SELECT 1')).document.uri;
    await runAndRead(first, 'SELECT 1');
    const second = (await openSql('SELECT 2')).document.uri;
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'mine', uri: second });
    await runAndRead(second, 'SELECT 2');
    const requests = server.requests.length;
    assert.ok(requests > 0);
    await runAndRead(first, 'SELECT 3');
    assert.equal(server.requests.length, requests, 'The first document moved to the other server.');
  });

  it('ask only for what is needed; offer to edit, save anyway or cancel when the test fails', async () => {
    const { createInputBox } = vscode.window;
    const answers = ['http://127.0.0.1:1', '', ''];
    const titles: (string | undefined)[] = [];
    vscode.window.createInputBox = () => {
      const box = createInputBox.call(vscode.window);
      const show = box.show.bind(box);
      box.show = () => {
        show();
        titles.push(box.title);
        box.value = answers.shift() ?? '';
        void vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      };
      return box;
    };
    answerPicks((items, title) => {
      titles.push(title);
      return items.find(({ label }) => label === 'Password');
    });
    const asked: unknown[][] = [];
    answer('showErrorMessage', (...all) => {
      asked.push(all);
      return 'Save anyway';
    });
    try {
      assert.equal(await vscode.commands.executeCommand('rowhouse.addConnection'), '127.0.0.1');
    } finally {
      vscode.window.createInputBox = createInputBox;
    }
    assert.deepEqual(
      titles,
      ['Server', 'User', 'Sign in', 'Password'].map((step) => `Add Connection: ${step}`),
    );
    assert.deepEqual((asked[0] ?? []).slice(1), ['Edit', 'Save anyway', 'Cancel']);
    assert.match(String(asked[0]?.[0]), /127\.0\.0\.1 was not saved/);
    assert.deepEqual(entries(), [{ name: '127.0.0.1', url: 'http://127.0.0.1:1' }]);
  });

  it('say what is wrong in the settings instead of hiding it', async () => {
    const said = listen('showErrorMessage');
    for (const [argument, problem] of [
      [{ name: 'a', url: 'host:8123' }, /Start with http/],
      [{ name: 'local', url: server.url }, /belongs to the local/],
    ] as const) {
      await assert.rejects(Promise.resolve(add(argument)), problem);
    }
    await assert.rejects(
      Promise.resolve(
        vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'nobody' }),
      ),
      /no connection "nobody"/,
    );
    assert.deepEqual(said, []);
  });
});
