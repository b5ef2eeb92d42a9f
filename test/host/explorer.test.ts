import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import { EngineError } from '../../src/core/engine/errors.ts';
import { Connections, type EngineAccess } from '../../src/host/connections/connections.ts';
import { ExplorerTree } from '../../src/host/explorer/explorerTree.ts';
import { FileDrop } from '../../src/host/explorer/fileDrop.ts';
import {
  ConnectionNode,
  DatabaseNode,
  type ExplorerNode,
  MessageNode,
  TableNode,
} from '../../src/host/explorer/nodes.ts';
import { listen, restoreDialogs } from './dialogs.ts';
import { startTestEngine } from './servers.ts';
import { rowhouse, until } from './support.ts';

/** A window of the test's own: its own engine, nothing remembered. */
class TestWindow implements EngineAccess {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  state: EngineAccess['state'] = 'stopped';
  starts = 0;
  failure: Error | undefined;
  readonly #engine: Engine;
  readonly connections: Connections;
  readonly tree: ExplorerTree;

  constructor(engine: Engine) {
    this.#engine = engine;
    const memory = new Map<string, unknown>();
    const memento = {
      keys: () => [...memory.keys()],
      get: (key: string, fallback?: unknown) => memory.get(key) ?? fallback,
      update: (key: string, value: unknown) => Promise.resolve(memory.set(key, value)),
    };
    const secrets = {
      onDidChange: new vscode.EventEmitter().event,
      get: () => Promise.resolve(undefined),
    };
    const asAbsolutePath = (path: string): string => path;
    const context = { workspaceState: memento, secrets, asAbsolutePath };
    this.connections = new Connections(context as unknown as vscode.ExtensionContext, this);
    this.tree = new ExplorerTree(this.connections);
  }

  ensureStarted(): ReturnType<EngineAccess['ensureStarted']> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.state !== 'running') {
      this.starts += 1;
      this.setState('running');
    }
    return Promise.resolve({ ...this.#engine.endpoint, generation: this.starts });
  }

  setState(state: EngineAccess['state']): void {
    this.state = state;
    this.#changed.fire();
  }

  async children(node?: ExplorerNode): Promise<ExplorerNode[]> {
    return this.tree.getChildren(node);
  }

  item(node: ExplorerNode): vscode.TreeItem {
    return this.tree.getTreeItem(node);
  }

  async local(): Promise<ConnectionNode> {
    const [first] = await this.children();
    assert.ok(first instanceof ConnectionNode);
    return first;
  }

  async database(name: string): Promise<DatabaseNode> {
    const databases = await this.children(await this.local());
    const found = databases.find((node) => this.item(node).label === name);
    assert.ok(found instanceof DatabaseNode);
    return found;
  }

  async table(database: string, name: string): Promise<TableNode> {
    const tables = await this.children(await this.database(database));
    const found = tables.find((node) => this.item(node).label === name);
    assert.ok(found instanceof TableNode);
    return found;
  }

  dispose(): void {
    this.tree.dispose();
    this.connections.dispose();
  }
}

function tooltipOf(item: vscode.TreeItem | undefined): string {
  assert.equal(typeof item?.tooltip, 'string');
  return item?.tooltip as string;
}

const SETUP = [
  'CREATE DATABASE shop',
  'CREATE DATABASE empty',
  `CREATE TABLE shop.orders (day Date, id UInt64 COMMENT 'unique', note Nullable(String), price Decimal(9, 2) DEFAULT 1.5, total Decimal(18, 2) ALIAS price * 2)
     ENGINE = MergeTree PARTITION BY toYYYYMM(day) ORDER BY (day, id) PRIMARY KEY day COMMENT 'what was sold'`,
  `INSERT INTO shop.orders (day, id) SELECT today(), number FROM numbers(1234)`,
  'CREATE VIEW shop.recent AS SELECT * FROM shop.orders LIMIT 10',
  'CREATE TABLE shop.`odd ``name` (`a b` UInt8) ENGINE = Memory',
];

describe('the Connections view', () => {
  let engine: Engine;
  let window: TestWindow;

  before(async () => {
    await rowhouse();
    engine = await startTestEngine();
    const setup = new TestWindow(engine);
    const client = await setup.connections.client('local');
    for (const sql of SETUP) await client.command(sql);
    setup.dispose();
  });

  after(() => engine.stop());

  beforeEach(() => {
    window = new TestWindow(engine);
  });

  afterEach(() => {
    restoreDialogs();
    window.dispose();
  });

  it('does not start the local engine by being visible, but by being opened', async () => {
    const local = await window.local();
    const item = window.item(local);
    assert.equal(item.label, 'Local ClickHouse');
    assert.equal(item.description, 'starts when needed');
    assert.equal(item.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
    assert.equal(window.starts, 0);
    await window.children(local);
    assert.equal(window.starts, 1);
    assert.equal(window.item(local).description, 'running');
  });

  it('shows databases, tables, views and columns with what matters of each', async () => {
    const databases = (await window.children(await window.local())).map(
      (node) => window.item(node).label,
    );
    assert.deepEqual(databases.slice(0, 3), ['default', 'empty', 'shop']);
    assert.equal(databases.indexOf('system') >= 3, true);
    const shop = await window.database('shop');
    const tables = (await window.children(shop)).map((node) => window.item(node));
    assert.deepEqual(
      tables.map(({ label, contextValue }) => [label, contextValue]),
      [
        ['odd `name', 'table'],
        ['orders', 'table'],
        ['recent', 'view'],
      ],
    );
    assert.match(String(tables[1]?.description), /^MergeTree · 1,234 rows · \d/);
    assert.match(tooltipOf(tables[1]), /what was sold/);
    const columns = (await window.children(await window.table('shop', 'orders'))).map((node) => {
      const { label, description } = window.item(node);
      return [label, description];
    });
    assert.deepEqual(columns, [
      ['day', 'Date · primary key · partition key'],
      ['id', 'UInt64 · sorting key'],
      ['note', 'Nullable(String)'],
      ['price', 'Decimal(9, 2) · default'],
      ['total', 'Decimal(18, 2) · alias'],
    ]);
    const odd = await window.children(await window.table('shop', 'odd `name'));
    assert.deepEqual(
      odd.map((node) => window.item(node).label),
      ['a b'],
    );
  });

  it('says that a database has no tables', async () => {
    const [only] = await window.children(await window.database('empty'));
    assert.ok(only instanceof MessageNode);
    assert.equal(window.item(only).label, 'No tables');
  });

  it('asks once, and again when it is refreshed', async () => {
    const shop = await window.database('shop');
    const first = await window.children(shop);
    assert.equal(await window.tree.getChildren(shop), first);
    const client = await window.connections.client('local');
    await client.command('CREATE TABLE shop.later (x UInt8) ENGINE = Memory');
    try {
      assert.equal((await window.children(shop)).length, first.length);
      window.tree.refresh(shop);
      assert.equal((await window.children(shop)).length, first.length + 1);
    } finally {
      await client.command('DROP TABLE shop.later');
    }
  });

  it('shows a failure in place, with its hint and a retry that works', async () => {
    window.failure = new EngineError('engineNotFound', 'There is no engine.', 'Install it.');
    const local = await window.local();
    const [failed, install] = await window.children(local);
    assert.ok(failed instanceof MessageNode);
    const item = window.item(failed);
    assert.equal(item.label, 'No local ClickHouse');
    assert.equal(item.description, 'There is no engine.');
    assert.match(tooltipOf(item), /Install it\./);
    assert.deepEqual(item.command?.arguments, [local]);
    assert.ok(install && window.item(install).command?.command === 'rowhouse.installLocalEngine');
    window.failure = undefined;
    window.tree.refresh(local);
    assert.ok((await window.children(local))[0] instanceof DatabaseNode);
  });

  it('closes the local connection when its engine ends, so that it is not started again by itself', async () => {
    const local = await window.local();
    await window.children(local);
    const { id } = window.item(local);
    window.setState('stopped');
    const after = await window.local();
    assert.notEqual(window.item(after).id, id, 'VS Code would keep the node open and ask again.');
    assert.equal(window.starts, 1);
    const other = new TestWindow(engine);
    assert.notEqual(other.item(await other.local()).id, window.item(after).id);
    other.dispose();
  });

  describe('as a drop target', () => {
    /** What the drop handed over, with the text of each file at that moment. */
    let inserted: { names: string[]; texts: string[]; table: string }[];
    let seen: string[];
    let drop: FileDrop;

    beforeEach(() => {
      inserted = [];
      seen = [];
      drop = new FileDrop((paths, target) => {
        seen.push(...paths);
        inserted.push({
          names: paths.map((one) => path.basename(one)),
          texts: paths.map((one) => (statSync(one).isFile() ? readFileSync(one, 'utf8') : '')),
          table:
            target instanceof TableNode
              ? `${target.table.database}.${target.table.name}`
              : target.database.name,
        });
        return Promise.resolve();
      });
    });

    /** As a browser drops a file: a name and bytes, no path. */
    class BytesItem extends vscode.DataTransferItem {
      readonly #file: vscode.DataTransferFile;

      constructor(name: string, text: string, uri?: vscode.Uri) {
        super('');
        const data = () => Promise.resolve(Buffer.from(text));
        this.#file = uri ? { name, uri, data } : { name, data };
      }

      override asFile(): vscode.DataTransferFile {
        return this.#file;
      }
    }

    class UnreadableItem extends vscode.DataTransferItem {
      override asFile(): vscode.DataTransferFile {
        const data = () =>
          Promise.reject(new Error('A requested file or directory could not be found'));
        return { name: 'week', data };
      }
    }

    it('takes bytes under their name, and removes its copy afterwards', async () => {
      const transfer = new vscode.DataTransfer();
      transfer.set('', new BytesItem('../week.csv', 'a\n1\n'));
      await drop.handleDrop(await window.table('shop', 'orders'), transfer);
      await until(() => inserted.length === 1, 'the drop is handled');
      assert.deepEqual(inserted, [
        { names: ['week.csv'], texts: ['a\n1\n'], table: 'shop.orders' },
      ]);
      await until(() => seen.every((file) => !existsSync(file)), 'the copy is gone');
    });

    it("takes files of VS Code's explorer by their path, each once", async () => {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const uri = vscode.Uri.joinPath(folder.uri, 'query.sql');
      const transfer = new vscode.DataTransfer();
      transfer.set(
        'text/uri-list',
        new vscode.DataTransferItem(`# files\r\n${uri.toString()}\r\n`),
      );
      transfer.set('text/x-sql', new BytesItem('query.sql', 'not read', uri));
      const columns = await window.children(await window.table('shop', 'orders'));
      await drop.handleDrop(columns[0], transfer);
      await until(() => inserted.length === 1, 'the drop is handled');
      assert.deepEqual(seen, [uri.fsPath]);
      assert.ok(existsSync(uri.fsPath), 'The original was removed.');
    });

    it('takes folders, and drops on a database', async () => {
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const transfer = new vscode.DataTransfer();
      transfer.set('text/uri-list', new vscode.DataTransferItem(folder.uri.toString()));
      await drop.handleDrop(await window.database('shop'), transfer);
      await until(() => inserted.length === 1, 'the drop is handled');
      assert.deepEqual([seen, inserted[0]?.table], [[folder.uri.fsPath], 'shop']);
    });

    it('refuses everything else with a word about it', async () => {
      const said = listen('showWarningMessage');
      const file = (): vscode.DataTransfer => {
        const transfer = new vscode.DataTransfer();
        transfer.set('', new BytesItem('week.csv', 'a'));
        return transfer;
      };
      await drop.handleDrop(await window.table('shop', 'recent'), file());
      await drop.handleDrop(undefined, file());
      await drop.handleDrop(await window.table('shop', 'orders'), new vscode.DataTransfer());
      // A browser gives a folder as a file that cannot be read.
      const browserFolder = new vscode.DataTransfer();
      browserFolder.set('', new UnreadableItem(''));
      await drop.handleDrop(await window.table('shop', 'orders'), browserFolder);
      await until(() => said.length === 4, 'each is answered');
      assert.match(said[0] ?? '', /recent is a view/);
      assert.match(said[1] ?? '', /Drop files on a table/);
      assert.match(said[2] ?? '', /no file/);
      assert.match(said[3] ?? '', /^week could not be read\. If it is a folder: a browser gives/);
      assert.deepEqual(inserted, []);
    });

    it('stops before it takes more from a browser than that can hold, and says the way', async () => {
      const said = listen('showErrorMessage');
      const taken: string[] = [];
      class LargeItem extends vscode.DataTransferItem {
        override asFile(): vscode.DataTransferFile {
          const name = String(this.value);
          const data = (): Promise<Uint8Array> => {
            taken.push(name);
            return Promise.resolve(new Uint8Array(257 * 1024 * 1024));
          };
          return { name, data };
        }
      }
      const transfer = new vscode.DataTransfer();
      for (const name of ['a.csv', 'b.csv']) transfer.set(name, new LargeItem(name));
      await drop.handleDrop(await window.table('shop', 'orders'), transfer);
      await until(() => said.length === 1, 'it is told');
      assert.match(said[0] ?? '', /^Nothing was inserted\. .*more than a browser .*269 MB/s);
      assert.match(said[0] ?? '', /Drop them on the results/);
      assert.deepEqual([taken, inserted], [['a.csv'], []]);
    });
  });
});
