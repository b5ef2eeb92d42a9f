import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createClient } from '../../src/core/client/client.ts';
import type { Client } from '../../src/core/client/surface.ts';
import { ExplorerTree } from '../../src/host/explorer/explorerTree.ts';
import { type ExplorerNode, isParentNode } from '../../src/host/explorer/nodes.ts';
import { type ClusterNode, startThreeNodes } from '../engine/cluster/threeNodes.ts';
import { bareConnections } from './bareConnections.ts';
import { answer, answerPicks, restoreDialogs } from './dialogs.ts';
import { serverFor, testProgram, type TestServer } from './servers.ts';
import { closeEditors, openSql, resultOf, rowhouse, until } from './support.ts';

const SERVER = 'three nodes';
const LOGIN = { user: 'ada', password: '' };
const ENDLESS =
  "SELECT sum(sleepEachRow(0.01)) FROM clusterAllReplicas('main', system.numbers) SETTINGS max_block_size = 10, function_sleep_max_microseconds_per_block = 0";

describe('a connection to a cluster', () => {
  let nodes: readonly [ClusterNode, ClusterNode, ClusterNode];
  let stop: () => Promise<void>;
  let server: TestServer;

  before(async () => {
    await rowhouse();
    ({ nodes, stop } = await startThreeNodes(await testProgram()));
    server = await serverFor(nodes[0].endpoint, { login: LOGIN });
    await vscode.commands.executeCommand('rowhouse.addConnection', {
      ...{ name: SERVER, url: server.url, user: LOGIN.user, signIn: 'none' },
      ...{ cluster: 'main', test: false },
    });
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: SERVER });
  });

  after(async () => {
    await vscode.commands.executeCommand('rowhouse.selectConnection', { id: 'local' });
    const gone = { id: SERVER, confirm: false };
    await vscode.commands.executeCommand('rowhouse.removeConnection', gone);
    await server.close();
    await stop();
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });

  /** On how many nodes a part of the query runs, by what each says itself. */
  async function running(queryId: string): Promise<number> {
    const sql = 'SELECT count() FROM system.processes WHERE initial_query_id = {id:String}';
    const counts = await Promise.all(
      nodes.map(async ({ endpoint }) => {
        const witness = createClient(endpoint);
        const count = await witness.rawQuery(sql, { params: { id: queryId } });
        await witness.close();
        return Number(count.text());
      }),
    );
    return counts.filter((count) => count > 0).length;
  }

  /** Asks the first node itself, past the extension. */
  async function withWitness<T>(ask: (witness: Client) => Promise<T>): Promise<T> {
    const witness = createClient(nodes[0].endpoint);
    try {
      return await ask(witness);
    } finally {
      await witness.close();
    }
  }

  /** Runs a statement on all nodes of the cluster, from a new document. */
  async function runEverywhere() {
    const { document } = await openSql('');
    const api = await rowhouse();
    const ended = api.run({ uri: document.uri, sql: ENDLESS });
    let id = '';
    await until(async () => {
      const { queries } = await withWitness((witness) => witness.runningQueries());
      id = queries.find(({ query }) => query === ENDLESS)?.queryId ?? '';
      return id !== '' && (await running(id)) === 3;
    }, 'all nodes');
    return { uri: document.uri, id, ended };
  }

  it('says that a query stopped when it did on all nodes', async () => {
    const { uri, id, ended } = await runEverywhere();
    await vscode.commands.executeCommand('rowhouse.cancelQuery');
    await ended;
    await until(
      async () => ((await resultOf(uri)).message ?? '').startsWith('Stopped on all 3 nodes'),
      'the outcome of the cancel',
    );
    assert.equal(await running(id), 0);
  });

  it('lists running queries, and cancels one from the list', async () => {
    const { id, ended } = await runEverywhere();
    let shown: vscode.QuickPickItem | undefined;
    let asked = 0;
    answer('showInformationMessage', () => undefined);
    answerPicks((items) => {
      asked += 1;
      if (asked > 1) return undefined;
      shown = items.find(({ label }) => label.startsWith('SELECT sum(sleepEachRow'));
      return shown && { gear: shown };
    });
    await vscode.commands.executeCommand('rowhouse.showRunningQueries', { id: SERVER });
    assert.match(shown?.detail ?? '', /sent to 127\.0\.0\.1:\d+, on 3 nodes$/);
    await ended;
    assert.equal(await running(id), 0);
    const told = await vscode.commands.executeCommand('rowhouse.showRunningQueries', {
      ...{ id: SERVER, cancel: id },
    });
    assert.equal(told, 'Cancelled. The server knows no such query: it had ended, or never begun.');
  });

  it('shows shards and replicas in the Connections view', async () => {
    const connections = bareConnections();
    const tree = new ExplorerTree(connections);
    const below = async (node: ExplorerNode | undefined, label: string) => {
      const found = (await tree.getChildren(node)).find(
        (child) => tree.getTreeItem(child).label === label,
      );
      assert.ok(found, `${label} is not there`);
      return found;
    };
    const texts = async (node: ExplorerNode): Promise<unknown[]> => {
      const items = (await tree.getChildren(node)).map((child) => tree.getTreeItem(child));
      return items.map(({ label, description }) => [label, description]);
    };
    try {
      const asked = server.requests.length;
      const connection = await below(undefined, SERVER);
      assert.equal(server.requests.length, asked, 'nothing is asked before it is opened');
      const cluster = await below(connection, 'Cluster main');
      assert.deepEqual(await texts(cluster), [
        ['Shard 1', '2 replicas'],
        ['Shard 2', '1 replica'],
      ]);
      const version = (await withWitness((witness) => witness.serverInfo())).version;
      assert.deepEqual(await texts(await below(cluster, 'Shard 1')), [
        [nodes[0].ownName, `this server · ${version}`],
        [nodes[1].name, version],
      ]);
      await nodes[2].kill();
      assert.ok(isParentNode(cluster));
      tree.refresh(cluster);
      assert.deepEqual(await texts(cluster), [
        ['Shard 1', '2 replicas'],
        ['Shard 2', '1 replica, none answers'],
      ]);
      assert.deepEqual(await texts(await below(cluster, 'Shard 2')), [
        [nodes[2].name, 'did not answer'],
      ]);
    } finally {
      tree.dispose();
      connections.dispose();
    }
  });
});
