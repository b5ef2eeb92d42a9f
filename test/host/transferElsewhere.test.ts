import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as vscode from 'vscode';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import { answer, answerFormat, cancelLater, listen, restoreDialogs } from './dialogs.ts';
import { MemoryFiles } from './memoryFiles.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

const SCHEME = 'rowhouse-memory';

describe('a save to a place that only VS Code reaches', () => {
  const elsewhere = new MemoryFiles();
  let registration: vscode.Disposable;
  let uri: vscode.Uri;

  before(() => {
    registration = vscode.workspace.registerFileSystemProvider(SCHEME, elsewhere);
  });
  after(() => {
    registration.dispose();
  });

  beforeEach(async () => {
    await rowhouse();
    elsewhere.files.clear();
    elsewhere.problem = undefined;
    elsewhere.onWrite = undefined;
    elsewhere.onRename = undefined;
    elsewhere.blind = undefined;
    elsewhere.mostBytes = Infinity;
    elsewhere.keepsAll = false;
    uri = (await openSql('SELECT 1 AS one, 2 AS two;\n')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    assert.deepEqual(leftInTemporary(), []);
  });

  const at = (name: string): vscode.Uri => vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
  const save = async (argument?: object): Promise<SaveReceipt | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveResultsAs', argument);
  const leftInTemporary = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('rowhouse-elsewhere-'));
  const text = (name: string): string | undefined => {
    const bytes = elsewhere.files.get(`/${name}`);
    return bytes && Buffer.from(bytes).toString('utf8');
  };

  it('arrives whole, under its name only', async () => {
    const receipt = await save({ format: 'CSVWithNames', target: at('x.csv') });
    assert.equal(text('x.csv'), '"one","two"\n1,2\n');
    assert.equal(receipt?.bytes, 16);
    assert.deepEqual([...elsewhere.files.keys()], ['/x.csv']);
  });

  it('replaces nothing unasked', async () => {
    elsewhere.files.set('/x.csv', Buffer.from('old'));
    await assert.rejects(save({ format: 'CSV', target: at('x.csv') }), /exists already/);
    assert.equal(text('x.csv'), 'old');
    await save({ format: 'CSV', target: at('x.csv'), overwrite: true });
    assert.equal(text('x.csv'), '1,2\n');
  });

  it('leaves what is there when the place takes no file', async () => {
    elsewhere.files.set('/x.csv', Buffer.from('old'));
    elsewhere.problem = vscode.FileSystemError.NoPermissions('read only');
    const said = listen('showErrorMessage');
    answerFormat('CSV');
    answer('showSaveDialog', () => at('x.csv'));
    assert.equal(await save(), undefined);
    await until(() => said.length === 1, 'the error is shown');
    assert.match(said[0] ?? '', /^The result was not saved, .*x\.csv cannot be written/);
    assert.equal(text('x.csv'), 'old');
    assert.deepEqual([...elsewhere.files.keys()], ['/x.csv']);
  });

  for (const problem of [undefined, new Error('the line is dead')]) {
    it(`leaves nothing but the old file when a part arrives, ${problem ? 'and an error' : 'without an error'}`, async () => {
      elsewhere.files.set('/x.csv', Buffer.from('old'));
      Object.assign(elsewhere, { problem, mostBytes: 3 });
      const answers = { uri, format: 'CSV', target: at('x.csv'), overwrite: true };
      const said = problem ? /x\.csv cannot be written.*the line is dead/s : /Only 3 of 4 bytes/;
      await assert.rejects(save(answers), said);
      assert.equal(text('x.csv'), 'old');
      assert.deepEqual([...elsewhere.files.keys()], ['/x.csv']);
    });
  }

  it('tells of a part that arrived and cannot be removed; no file looks whole', async () => {
    Object.assign(elsewhere, {
      problem: new Error('the line is dead'),
      mostBytes: 3,
      keepsAll: true,
    });
    const answers = { uri, format: 'CSV', target: at('x.csv') };
    await assert.rejects(
      save(answers),
      /the line is dead.* A part of it is left in .*x\.csv\.partial/s,
    );
    assert.deepEqual([...elsewhere.files.keys()], ['/x.csv.partial']);
  });

  it('is cancelled while it is copied: the old file stays', async () => {
    elsewhere.files.set('/x.csv', Buffer.from('old'));
    elsewhere.onWrite = cancelLater();
    const answers = { uri, format: 'CSV', target: at('x.csv'), overwrite: true };
    await assert.rejects(save(answers), isCancelledError);
    assert.equal(text('x.csv'), 'old');
    assert.deepEqual([...elsewhere.files.keys()], ['/x.csv']);
  });

  it('is saved, and says so, when cancelling comes too late', async () => {
    const api = await rowhouse();
    await api.run({ uri, sql: 'SELECT 1' });
    const result = api.results.of(uri)?.id;
    elsewhere.onRename = cancelLater();
    const receipt = await save({ result, rows: 'shown', format: 'CSV', target: at('x.csv') });
    assert.equal(receipt?.bytes, 2);
    assert.equal(text('x.csv'), '1\n');
  });

  it('does not replace a file that came meanwhile', async () => {
    elsewhere.onRename = () => {
      elsewhere.files.set('/x.csv', Buffer.from('new'));
    };
    await assert.rejects(save({ uri, format: 'CSV', target: at('x.csv') }), /x\.csv/);
    assert.equal(text('x.csv'), 'new');
    assert.deepEqual([...elsewhere.files.keys()], ['/x.csv']);
  });

  it('is refused where nobody can tell whether a file is there', async () => {
    elsewhere.blind = vscode.FileSystemError.NoPermissions('not for you');
    const sql = 'SELECT * FROM must_not_run';
    await assert.rejects(
      save({ uri, sql, format: 'CSV', target: at('x.csv') }),
      /cannot be looked at.*not for you/,
    );
  });

  it('leaves nothing when the statement fails half-way', async () => {
    const sql = 'SELECT throwIf(number = 500000) FROM numbers(1000000)';
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }));
    assert.deepEqual([...elsewhere.files.keys()], []);
  });

  it('refuses what VS Code would have to hold in memory as a whole', async () => {
    // Endless: it must be stopped at the limit, not after the whole result came.
    const sql = `SELECT repeat('x', 1000000) FROM system.numbers SETTINGS max_block_size = 8`;
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }), /at most 64 MiB/);
    assert.deepEqual([...elsewhere.files.keys()], []);
  });
});
