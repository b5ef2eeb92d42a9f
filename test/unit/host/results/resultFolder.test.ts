import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseKept, type KeptResult } from '../../../../src/host/results/keptResult.ts';
import { ResultFolder, type FolderMemory } from '../../../../src/host/results/resultFolder.ts';
import { workspaceStorages } from '../../../../src/host/results/workspaceStorages.ts';

const kept = (id: string, file?: string): KeptResult => ({
  version: 1,
  snapshot: {
    id,
    title: 'SELECT 1',
    source: 'a.sql',
    connection: 'Local ClickHouse',
    state: 'done',
    columns: [{ name: 'x', type: 'UInt8', encoding: 'arrow' }],
    rows: 1,
    bytes: 3,
    elapsedMs: 1,
    complete: true,
    actions: [],
    timeZone: 'UTC',
    queryId: 'q',
  },
  ...(file !== undefined && { file }),
  uri: 'file:///a.sql',
  sql: 'SELECT 1',
  offset: 0,
  connection: 'local',
  params: { a: '1' },
  pinned: false,
  endedAt: 5,
});

describe('the folder of results', () => {
  let parent: string;
  let names: readonly string[] = [];
  const memory: FolderMemory = {
    get: () => names,
    set: (next) => {
      names = next;
      return Promise.resolve();
    },
  };
  /** `isShared`: of a window without a workspace. */
  const folderOf = (isShared = false): ResultFolder =>
    new ResultFolder({ parent, earlier: isShared ? { memory } : { parents: [parent] } });

  beforeEach(async () => {
    parent = path.join(await mkdtemp(path.join(tmpdir(), 'rowhouse-folder-')), 'results');
    names = [];
  });
  afterEach(async () => {
    await rm(path.dirname(parent), { recursive: true });
  });

  async function takeOver(folder: ResultFolder): Promise<KeptResult[]> {
    const all: KeptResult[] = [];
    await folder.takeOver((result) => {
      all.push(result);
      return Promise.resolve();
    });
    return all;
  }

  /** A result as a process leaves it that ended. */
  async function leaves(id: string): Promise<void> {
    const folder = folderOf();
    const file = await folder.newFile();
    await writeFile(file, 'row');
    await folder.keep(kept(id, path.basename(file)));
    // A run that had not ended when its process did.
    await writeFile(await folder.newFile(), 'half a row');
    await folder.release();
  }

  it('takes over what the window kept, and nothing that had not ended', async () => {
    await leaves('first');
    const next = folderOf();
    const found = await takeOver(next);
    assert.deepEqual(
      found.map(({ snapshot }) => snapshot.id),
      ['first'],
    );
    const [result] = found;
    assert.ok(result);
    const file = await next.fileOf(result);
    assert.ok(file);
    assert.deepEqual((await readdir(path.dirname(file))).sort(), [
      ...[path.basename(file), 'first.json'].sort(),
      'owner',
    ]);
    assert.equal((await readdir(parent)).length, 1, 'the folder of before is gone');
    await next.drop('first');
    await next.release();
    assert.deepEqual(await takeOver(folderOf()), []);
  });

  it('removes what a crashed window left', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const folder = path.join(parent, 'results-00000000-dead');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'owner'), String(child.pid));
    await writeFile(path.join(folder, 'rows.arrows'), 'rows');
    await mkdir(path.join(parent, 'results-4000000'));
    await takeOver(folderOf());
    const [own = '', ...others] = await readdir(parent);
    assert.deepEqual(others, []);
    assert.match(own, /^results-[0-9a-f-]{36}$/);
  });

  it('takes over what windows left that crashed, each result once', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    for (const name of ['results-00000000-dead', 'results-11111111-dead']) {
      const folder = path.join(parent, name);
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'owner'), String(child.pid));
      await writeFile(path.join(folder, 'rows.arrows'), 'rows');
      await writeFile(path.join(folder, 'a.json'), JSON.stringify(kept('a', 'rows.arrows')));
    }
    assert.deepEqual(
      (await takeOver(folderOf())).map(({ snapshot }) => snapshot.id),
      ['a'],
    );
  });

  it('takes the copy that was written down last', async () => {
    for (const [seconds, name] of [
      'results-00000000',
      'results-22222222',
      'results-11111111',
    ].entries()) {
      const folder = path.join(parent, name);
      await mkdir(folder, { recursive: true });
      const file = path.join(folder, 'a.json');
      const last = name === 'results-11111111';
      await writeFile(file, JSON.stringify({ ...kept('a'), pinned: last }));
      await utimes(file, seconds, seconds);
    }
    assert.deepEqual(
      (await takeOver(folderOf())).map(({ pinned }) => pinned),
      [true],
    );
  });

  it('finds what a window kept in another storage folder of its workspace', async () => {
    const top = parent;
    const workspace = path.join(path.dirname(top), 'workspace');
    const results = (storage: string): string => path.join(storage, 'results');
    const [first = '', second = '', ...more] = workspaceStorages(`${workspace}/rowhouse.rowhouse`);
    assert.deepEqual(
      [first, second, more.length],
      [`${workspace}/rowhouse.rowhouse`, `${workspace}-1/rowhouse.rowhouse`, 8],
    );
    assert.deepEqual(workspaceStorages(second), [first, second, ...more]);
    parent = results(first);
    await leaves('a');
    parent = results(second);
    const parents = workspaceStorages(second).map(results);
    const found = await takeOver(new ResultFolder({ parent, earlier: { parents } }));
    parent = results(first);
    assert.deepEqual(
      found.map(({ snapshot }) => snapshot.id),
      ['a'],
    );
    assert.deepEqual(await readdir(parent), [], 'it has moved');
    parent = top;
  });

  it('takes a process that has the id of an owner of before for another one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      await leaves('a');
      const [name = ''] = await readdir(parent);
      await writeFile(path.join(parent, name, 'owner'), `${child.pid} 1`);
      assert.equal((await takeOver(folderOf())).length, 1);
      assert.ok(!(await readdir(parent)).includes(name));
    } finally {
      child.kill();
    }
  });

  it('shows the others when one result cannot be read', async () => {
    await leaves('whole');
    const [name = ''] = await readdir(parent);
    await mkdir(path.join(parent, name, 'unreadable.json'));
    const found = await takeOver(folderOf());
    assert.deepEqual(
      found.map(({ snapshot }) => snapshot.id),
      ['whole'],
    );
  });

  it('takes over at once what a process left that still lives, and leaves it its files', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await leaves('early');
    const [name = ''] = await readdir(parent);
    await writeFile(path.join(parent, name, 'owner'), String(child.pid));
    const next = folderOf();
    const seen: string[] = [];
    const ended = new Promise<void>((resolve, reject) => {
      next
        .takeOver(async ({ snapshot }) => {
          seen.push(snapshot.id);
          if (snapshot.id !== 'early') return;
          assert.ok((await readdir(path.join(parent, name))).includes('early.json'));
          // Its last result is written down while it ends.
          const late = kept('late');
          await writeFile(path.join(parent, name, 'late.json'), JSON.stringify(late));
          child.kill();
        })
        .then(resolve, reject);
    });
    await ended;
    assert.deepEqual(seen, ['early', 'late']);
    assert.equal((await readdir(parent)).length, 1);
  });

  it('leaves the files of a window that lives alone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      const folder = path.join(parent, 'results-11111111-alive');
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, 'owner'), String(child.pid));
      await takeOver(folderOf());
      assert.ok((await readdir(parent)).includes('results-11111111-alive'));
    } finally {
      child.kill();
    }
  });

  it('leaves what windows without a workspace keep in the storage they share, for a day', async () => {
    const folder = path.join(parent, 'results-22222222');
    await mkdir(folder, { recursive: true });
    const first = folderOf(true);
    await takeOver(first);
    await first.release();
    assert.ok((await readdir(parent)).includes('results-22222222'));
    const old = new Date(Date.now() - 2 * 86_400_000);
    await utimes(folder, old, old);
    await takeOver(folderOf(true));
    assert.ok(!(await readdir(parent)).includes('results-22222222'));
  });

  it('follows no name that leads elsewhere', async () => {
    names = ['../outside', 'results-/../..'];
    await takeOver(folderOf(true));
    const text = (change: object): string =>
      JSON.stringify({ ...kept('a', 'b.arrows'), ...change });
    assert.ok(parseKept(text({})));
    for (const change of [
      { file: '../b' },
      { file: '.hidden' },
      { version: 2 },
      { snapshot: { ...kept('a').snapshot, id: '../a' } },
      { uri: 5 },
    ]) {
      assert.equal(parseKept(text(change)), undefined, JSON.stringify(change));
    }
    assert.equal(parseKept('{"version":1,'), undefined);
  });

  it('keeps how the rows were sorted', () => {
    const text = (view: object): string => JSON.stringify({ ...kept('a'), view });
    const view = { sort: [{ column: 0, direction: 'descending' }], filters: [] };
    assert.deepEqual(parseKept(text(view))?.view, view);
    const damaged = parseKept(text({ sort: 5 }));
    assert.ok(damaged && damaged.view === undefined, 'a damaged sort costs no rows');
  });
});
