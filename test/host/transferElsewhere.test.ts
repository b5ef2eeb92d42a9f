import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelledError } from '../../src/core/client/errors.ts';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import {
  answer,
  answerFormat,
  cancelLater,
  cancelWhen,
  listen,
  restoreDialogs,
} from './dialogs.ts';
import { DirectoryFiles } from './directoryFiles.ts';
import { closeEditors, openSql, rowhouse, until } from './support.ts';

const SCHEME = 'rowhouse-directory';

/** A million bytes each. */
const LONG_ROWS = `SELECT repeat('x', 1000000) FROM system.numbers`;

interface Handed {
  /** Sizes of the buffers behind the bytes that VS Code was given, one for each file. */
  readonly written: readonly number[];
  /** Schemes of the files that VS Code was asked to copy by itself. */
  readonly copied: readonly string[];
}

/** What was handed to VS Code's file system API meanwhile. */
async function watchFiles<T>(
  work: () => Promise<T>,
  copy?: vscode.FileSystem['copy'],
): Promise<Handed & { readonly value: T }> {
  const { fs } = vscode.workspace;
  const written: number[] = [];
  const copied: string[] = [];
  const watched: vscode.FileSystem = {
    ...fs,
    writeFile: (uri, bytes) => {
      written.push(bytes.buffer.byteLength);
      return fs.writeFile(uri, bytes);
    },
    copy: (from, to, options) => {
      copied.push(`${from.scheme} to ${to.scheme}`);
      return (copy ?? fs.copy)(from, to, options);
    },
  };
  const original = Object.getOwnPropertyDescriptor(vscode.workspace, 'fs');
  assert.ok(original);
  Object.defineProperty(vscode.workspace, 'fs', { ...original, get: () => watched });
  try {
    return { value: await work(), written, copied };
  } finally {
    Object.defineProperty(vscode.workspace, 'fs', original);
  }
}

describe('a save to a place that only VS Code reaches', () => {
  const elsewhere = new DirectoryFiles();
  let registration: vscode.Disposable;
  let uri: vscode.Uri;

  before(() => {
    registration = vscode.workspace.registerFileSystemProvider(SCHEME, elsewhere);
  });
  after(() => {
    registration.dispose();
    elsewhere.remove();
  });

  beforeEach(async () => {
    await rowhouse();
    for (const name of names()) rmSync(place(name));
    elsewhere.problem = undefined;
    elsewhere.onWrite = undefined;
    elsewhere.onRename = undefined;
    elsewhere.onStat = undefined;
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
  /** The same place, as the disk of a remote machine. */
  const remote = (name: string): vscode.Uri =>
    vscode.Uri.from({
      scheme: 'vscode-remote',
      authority: vscode.env.remoteName ?? '',
      path: place(name),
    });
  const save = async (argument?: object): Promise<SaveReceipt | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveResultsAs', argument);
  const inTemporary = (): string[] =>
    readdirSync(tmpdir()).filter((name) => name.startsWith('rowhouse-elsewhere-'));
  // What a run that crashed has left is nothing of this one.
  const leftBefore = inTemporary();
  const leftInTemporary = (): string[] =>
    inTemporary().filter((name) => !leftBefore.includes(name));
  const place = (name: string): string => path.join(elsewhere.root, name);
  const names = (): string[] => readdirSync(elsewhere.root).sort();
  const text = (name: string): string | undefined =>
    existsSync(place(name)) ? readFileSync(place(name), 'utf8') : undefined;

  it('arrives whole, under its name only', async () => {
    const receipt = await save({ format: 'CSVWithNames', target: at('x.csv') });
    assert.equal(text('x.csv'), '"one","two"\n1,2\n');
    assert.equal(receipt?.bytes, 16);
    assert.deepEqual(names(), ['x.csv']);
  });

  it('replaces nothing unasked', async () => {
    writeFileSync(place('x.csv'), 'old');
    await assert.rejects(save({ format: 'CSV', target: at('x.csv') }), /exists already/);
    assert.equal(text('x.csv'), 'old');
    await save({ format: 'CSV', target: at('x.csv'), overwrite: true });
    assert.equal(text('x.csv'), '1,2\n');
  });

  it('leaves what is there when the place takes no file', async () => {
    writeFileSync(place('x.csv'), 'old');
    elsewhere.problem = vscode.FileSystemError.NoPermissions('read only');
    const said = listen('showErrorMessage');
    answerFormat('CSV');
    answer('showSaveDialog', () => at('x.csv'));
    assert.equal(await save(), undefined);
    await until(() => said.length === 1, 'the error is shown');
    assert.match(said[0] ?? '', /^The result was not saved, .*x\.csv cannot be written/);
    assert.equal(text('x.csv'), 'old');
    assert.deepEqual(names(), ['x.csv']);
  });

  for (const problem of [undefined, new Error('ENOSPC: no space left on device, write')]) {
    it(`leaves nothing but the old file when a part arrives, ${problem ? 'and the disk is full' : 'without an error'}`, async () => {
      writeFileSync(place('x.csv'), 'old');
      Object.assign(elsewhere, { problem, mostBytes: 3 });
      const answers = { uri, format: 'CSV', target: at('x.csv'), overwrite: true };
      const said = problem ? /x\.csv cannot be written.*ENOSPC/s : /Only 3 of 4 bytes/;
      await assert.rejects(save(answers), said);
      assert.equal(text('x.csv'), 'old');
      assert.deepEqual(names(), ['x.csv']);
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
    assert.deepEqual(names(), ['x.csv.partial']);
  });

  it('is cancelled while it is copied: the old file stays', async () => {
    writeFileSync(place('x.csv'), 'old');
    elsewhere.onWrite = cancelLater();
    const answers = { uri, format: 'CSV', target: at('x.csv'), overwrite: true };
    await assert.rejects(save(answers), isCancelledError);
    assert.equal(text('x.csv'), 'old');
    assert.deepEqual(names(), ['x.csv']);
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

  it('leaves nothing but the old file when it cannot get its name', async () => {
    writeFileSync(place('x.csv'), 'old');
    elsewhere.onRename = (from) => {
      if (!from.path.endsWith('.partial')) return;
      throw vscode.FileSystemError.Unavailable('the line is dead');
    };
    const answers = { uri, format: 'CSV', target: at('x.csv'), overwrite: true };
    await assert.rejects(save(answers), /x\.csv cannot be written.*the line is dead/s);
    assert.deepEqual([text('x.csv'), names()], ['old', ['x.csv']]);
    elsewhere.onRename = undefined;
    await save(answers);
    assert.deepEqual([text('x.csv'), names()], ['1,2\n', ['x.csv']]);
  });

  it('keeps both files, and says where, when the old one cannot get its name back either', async () => {
    writeFileSync(place('x.csv'), 'old');
    elsewhere.onRename = (_from, to) => {
      if (to.path === '/x.csv') throw vscode.FileSystemError.Unavailable('the line is dead');
    };
    const said = listen('showErrorMessage');
    answerFormat('CSV');
    answer('showSaveDialog', () => at('x.csv'));
    assert.equal(await save(), undefined);
    await until(() => said.length === 1, 'the error is shown');
    const [old = '', ...others] = names();
    assert.match(old, /^x\.csv\..*\.old$/);
    assert.deepEqual([text(old), others], ['old', ['x.csv.partial']]);
    assert.equal(text('x.csv.partial'), '"one","two"\n1,2\n');
    const begin = `The old file is in ${old}, the new one, which is whole, in x.csv.partial: `;
    assert.ok(said[0]?.startsWith(begin), said[0]);
    assert.match(said[0] ?? '', /the line is dead.*Rename the one that you want to x\.csv\.$/s);
  });

  it('does not replace a file that came meanwhile', async () => {
    elsewhere.onRename = () => {
      writeFileSync(place('x.csv'), 'new');
    };
    await assert.rejects(save({ uri, format: 'CSV', target: at('x.csv') }), /x\.csv/);
    assert.equal(text('x.csv'), 'new');
    assert.deepEqual(names(), ['x.csv']);
  });

  it('is refused where nobody can tell whether a file is there', async () => {
    elsewhere.onStat = () => {
      throw vscode.FileSystemError.NoPermissions('not for you');
    };
    const sql = 'SELECT * FROM must_not_run';
    await assert.rejects(
      save({ uri, sql, format: 'CSV', target: at('x.csv') }),
      /cannot be looked at.*not for you/,
    );
  });

  it('leaves nothing when the statement fails half-way', async () => {
    const sql = 'SELECT throwIf(number = 500000) FROM numbers(1000000)';
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }));
    assert.deepEqual(names(), []);
  });

  it('is handed over once, in a buffer no larger than it, where it goes as one piece', async () => {
    const sql = `${LONG_ROWS} LIMIT 60`;
    const { value, written, copied } = await watchFiles(() =>
      save({ uri, sql, format: 'TSV', target: at('x.tsv') }),
    );
    assert.equal(value?.bytes, 60_000_060);
    assert.equal(statSync(place('x.tsv')).size, 60_000_060);
    assert.deepEqual([written, copied], [[60_000_060], []]);
  });

  it('is copied in chunks by VS Code where it can, at any size', async () => {
    const target = remote('x.tsv');
    const sql = `${LONG_ROWS} LIMIT 200`;
    const { value, written, copied } = await watchFiles(() =>
      save({ uri, sql, format: 'TSV', target }),
    );
    assert.equal(value?.bytes, 200_000_200);
    assert.equal(statSync(place('x.tsv')).size, 200_000_200);
    assert.deepEqual(names(), ['x.tsv']);
    assert.deepEqual([written, copied], [[], ['file to vscode-remote']], 'It went through here.');
  });

  it('says how much of it has arrived while VS Code copies it in chunks', async () => {
    const half = new Promise<void>((resolve) => {
      cancelWhen(/^Copying 50 %: 2 bytes of 4 bytes/, resolve);
    });
    const copy: vscode.FileSystem['copy'] = async (_from, to) => {
      writeFileSync(to.path, '1,');
      await half;
      writeFileSync(to.path, '1,2\n');
    };
    const saving = (): Promise<unknown> => save({ uri, format: 'CSV', target: remote('x.csv') });
    await assert.rejects(watchFiles(saving, copy), isCancelledError);
    assert.deepEqual(names(), []);
  });

  describe('with the setting for receipts', () => {
    const configuration = (): vscode.WorkspaceConfiguration =>
      vscode.workspace.getConfiguration('rowhouse');
    const { Global } = vscode.ConfigurationTarget;
    before(() => configuration().update('save.sidecar', true, Global));
    after(() => configuration().update('save.sidecar', undefined, Global));

    it('has one beside it, which takes the place of an older one', async () => {
      await save({ uri, format: 'CSV', target: at('x.csv') });
      await save({ uri, sql: 'SELECT 2', format: 'CSV', target: at('x.csv'), overwrite: true });
      assert.deepEqual(names(), ['x.csv', 'x.csv.json']);
      const receipt = JSON.parse(text('x.csv.json') ?? '') as { file: string; sql: string };
      assert.equal(receipt.sql, 'SELECT 2');
      assert.equal(receipt.file, at('x.csv').toString(true));
    });

    it('is refused before it runs where another file has the name of the receipt', async () => {
      writeFileSync(place('x.csv.json'), '{"mine": true}');
      const sql = 'SELECT * FROM must_not_run';
      await assert.rejects(
        save({ uri, sql, format: 'CSV', target: at('x.csv') }),
        /x\.csv\.json is there already and is no receipt/,
      );
      assert.deepEqual([names(), text('x.csv.json')], [['x.csv.json'], '{"mine": true}']);
    });

    it('is refused before it runs where nobody can tell what has the name of the receipt', async () => {
      elsewhere.onStat = ({ path: asked }) => {
        if (asked.endsWith('.json')) throw vscode.FileSystemError.NoPermissions('not for you');
      };
      const sql = 'SELECT * FROM must_not_run';
      await assert.rejects(
        save({ uri, sql, format: 'CSV', target: at('x.csv') }),
        /x\.csv\.json cannot be looked at.*not for you/,
      );
      assert.deepEqual(names(), []);
    });

    it('is whole, and says so, when its receipt cannot be written', async () => {
      const said = listen('showWarningMessage');
      elsewhere.onRename = (_from, to) => {
        if (to.path.endsWith('.json')) throw vscode.FileSystemError.Unavailable('the line is dead');
      };
      await save({ uri, format: 'CSV', target: at('x.csv') });
      assert.deepEqual([names(), text('x.csv')], [['x.csv'], '1,2\n']);
      assert.match(
        said.join(),
        /x\.csv is whole, but its receipt was not written.*the line is dead/s,
      );
    });
  });

  it('refuses what VS Code would have to hold in memory as a whole', async () => {
    // Endless: it must be stopped at the limit, not after the whole result came.
    const sql = `${LONG_ROWS} SETTINGS max_block_size = 8`;
    await assert.rejects(save({ uri, sql, format: 'CSV', target: at('x.csv') }), /at most 64 MiB/);
    assert.deepEqual(names(), []);
  });
});
