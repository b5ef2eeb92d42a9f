import assert from 'node:assert/strict';
import {
  type CancelledError,
  createClient,
  isCancelledError,
} from '../../../src/core/client/index.ts';
import type { CancelOutcome } from '../../../src/core/client/cancelSurface.ts';
import type { Client, QueryProgress } from '../../../src/core/client/surface.ts';
import { clusterProblems } from '../../../src/host/connections/clusterProblems.ts';
import { ENDLESS_SETTINGS, until } from '../client/support.ts';
import { childScript, testProgram } from '../fixture.ts';
import { CLUSTER, type ClusterNode, startThreeNodes } from './threeNodes.ts';

const ENDLESS = `SELECT sum(sleepEachRow(0.01)) FROM clusterAllReplicas('${CLUSTER}', system.numbers)`;

describe('a cluster of three nodes', function () {
  this.timeout(60_000);
  let nodes: readonly [ClusterNode, ClusterNode, ClusterNode];
  let stop: () => Promise<void>;
  /** Each asks one node about itself, past the cluster. */
  let witnesses: Client[];
  let client: Client;
  let runs = 0;

  before(async () => {
    ({ nodes, stop } = await startThreeNodes({ program: await testProgram(), childScript }));
    witnesses = nodes.map(({ endpoint }) => createClient(endpoint));
    client = createClient({ ...nodes[0].endpoint, cluster: CLUSTER });
  });
  after(async () => {
    await Promise.all([client, ...witnesses].map((each) => each.close()));
    await stop();
  });

  /** On how many nodes a part of the query runs, by what each says itself. */
  async function running(queryId: string, on = 3): Promise<number> {
    const sql = 'SELECT count() > 0 FROM system.processes WHERE initial_query_id = {id:String}';
    const answers = await Promise.all(
      witnesses.slice(0, on).map((each) => each.rawQuery(sql, { params: { id: queryId } })),
    );
    return answers.filter((answer) => answer.text() === '1\n').length;
  }

  /** Starts a query that runs on all nodes; resolves when it does. */
  async function start(
    by: Client,
    { on = 3, onProgress }: { on?: number; onProgress?: (progress: QueryProgress) => void } = {},
  ) {
    const queryId = `distributed-${process.pid}-${++runs}`;
    const abort = new AbortController();
    const call = by.rawQuery(ENDLESS, {
      queryId,
      settings: { ...ENDLESS_SETTINGS, skip_unavailable_shards: true },
      signal: abort.signal,
      ...(onProgress && { onProgress }),
    });
    const ended = call.then(
      () => assert.fail('an endless query ended'),
      (error: unknown) => error,
    );
    await until(async () => (await running(queryId, on)) === on);
    const cancelled = async (): Promise<CancelledError> => {
      abort.abort();
      const error = await ended;
      assert.ok(isCancelledError(error), String(error));
      return error;
    };
    const cancel = async (): Promise<CancelOutcome> => (await cancelled()).outcome;
    const stopIt = (): void => {
      abort.abort();
    };
    return { queryId, ended, cancel, cancelled, abort: stopIt };
  }

  it('says stopped only when no node runs a part of the query', async () => {
    for (let round = 0; round < 5; round++) {
      const { queryId, cancelled } = await start(client);
      const error = await cancelled();
      const told = await error.outcome;
      assert.ok(told.elapsedMs < 2_000, `${told.elapsedMs} ms`);
      // A busy machine may take longer to stop than people wait for a word: then it must say so.
      if (told.outcome !== 'stopped') assert.equal(told.outcome, 'stillRunning');
      const gone = told.outcome === 'stopped' ? told : await error.gone;
      assert.equal(await running(queryId), 0, JSON.stringify([told, gone]));
      assert.deepEqual({ ...gone, elapsedMs: 0 }, { outcome: 'stopped', elapsedMs: 0, nodes: 3 });
    }
  });

  it('stops a query by its id, and one whose own server has left it', async () => {
    const { queryId, ended } = await start(client);
    assert.equal((await client.cancel(queryId)).outcome, 'stopped');
    assert.equal(await running(queryId), 0);
    await ended;
    assert.equal((await client.cancel('no-such-query')).outcome, 'notFound');

    // Sent to the second node, which is a host of the client that knows nothing of it yet.
    const second = createClient(nodes[1].endpoint);
    const elsewhere = await start(second);
    const both = createClient({
      ...nodes[0].endpoint,
      cluster: CLUSTER,
      hosts: [{ url: nodes[1].endpoint.url }],
    });
    assert.equal((await both.cancel(elsewhere.queryId)).outcome, 'stopped');
    assert.equal(await running(elsewhere.queryId), 0);
    await elsewhere.ended;

    // No host of the client, and without a Keeper ON CLUSTER is refused: it must not say that it stopped.
    const away = await start(second);
    const told = await client.cancel(away.queryId, { waitMs: 300 });
    assert.ok(told.outcome === 'stillRunning', told.outcome);
    assert.deepEqual(told.runsOn?.length, 3);
    assert.equal(await running(away.queryId), 3);
    await away.cancel();
    await both.close();
    await second.close();
  });

  it('adds memory and threads of all nodes to the progress', async () => {
    let last: QueryProgress | undefined;
    const { queryId, cancel } = await start(client, {
      onProgress: (progress) => {
        last = progress;
      },
    });
    const sql = `SELECT length(thread_ids) FROM system.processes WHERE initial_query_id = {id:String}`;
    await until(() => last !== undefined && last.readRows > 100);
    const each = await Promise.all(
      witnesses.map(async (one) =>
        Number((await one.rawQuery(sql, { params: { id: queryId } })).text()),
      ),
    );
    const threads = each.reduce((sum, count) => sum + count, 0);
    await until(() => last !== undefined && last.threads >= threads);
    assert.ok(each.every((count) => count < threads));
    await cancel();
  });

  it('lists each query once, with all its parts, and its nodes', async () => {
    const { queryId, cancel } = await start(client);
    const others = witnesses[1];
    assert.ok(others);
    const local = `local-${process.pid}`;
    const alone = others
      .rawQuery('SELECT sleep(3)', { queryId: local })
      .catch((error: unknown) => error);
    await until(async () => (await running(local)) === 1);
    const { queries, notAsked } = await client.runningQueries();
    assert.deepEqual(notAsked, []);
    const names = nodes.map(({ name }, index) => (index === 0 ? nodes[0].ownName : name));
    const brief = queries.map(({ queryId: id, user, query, sentTo, nodes: on }) => ({
      ...{ id, user, query, sentTo },
      nodes: on.toSorted(),
    }));
    const user = nodes[0].endpoint.username;
    assert.deepEqual(brief, [
      { id: queryId, user, query: ENDLESS, sentTo: names[0], nodes: names.toSorted() },
      { id: local, user, query: 'SELECT sleep(3)', sentTo: names[1], nodes: [names[1]] },
    ]);
    const [single] = (await others.runningQueries()).queries.filter(
      (each) => each.queryId === local,
    );
    assert.deepEqual([single?.nodes, single?.sentTo], [[], undefined]);
    assert.equal(
      (await others.cancel(local, { anyUser: true, waitMs: 10_000 })).outcome,
      'stopped',
    );
    await alone;
    await cancel();
  });

  it('knows its shards and replicas', async () => {
    const found = await client.clusterNodes();
    assert.deepEqual(
      found.map(({ shard, replica, isLocal }) => [shard, replica, isLocal]),
      [
        [1, 1, true],
        [1, 2, false],
        [2, 1, false],
      ],
    );
    const version = (await client.serverInfo()).version;
    assert.ok(found.every(({ answer }) => answer?.version === version));
    await assert.rejects(client.clusterNodes({ cluster: 'other' }), /no cluster "other"/);
    assert.deepEqual(await clusterProblems(client, CLUSTER), []);
    assert.deepEqual(await clusterProblems(client, 'other'), [
      'the cluster (The server knows no cluster "other". It knows main.)',
    ]);
  });

  it('goes on with the one server when the cluster cannot be asked', async () => {
    const wrong = createClient({ ...nodes[0].endpoint, cluster: 'no such cluster' });
    let seen = 0;
    const { queryId, cancel } = await start(wrong, {
      onProgress: () => {
        seen += 1;
      },
    });
    await until(() => seen > 1);
    const told = await cancel();
    assert.ok(told.outcome === 'unverified', told.outcome);
    assert.match(told.reason ?? '', /no such cluster/);
    await until(async () => (await running(queryId)) === 0);
    await wrong.close();
  });

  it('says still stopping while a node hangs, and stopped when it went on', async () => {
    const { queryId, ended, abort } = await start(client);
    nodes[1].freeze();
    const started = performance.now();
    abort();
    const error = await ended;
    assert.ok(isCancelledError(error), String(error));
    try {
      assert.equal((await error.outcome).outcome, 'stillRunning');
      assert.ok(performance.now() - started < 2_500);
    } finally {
      nodes[1].thaw();
    }
    assert.equal((await error.gone).outcome, 'stopped');
    assert.equal(await running(queryId), 0);
  });

  it('names a node that cannot be reached', async () => {
    await nodes[2].kill();
    const { queryId, cancel } = await start(client, { on: 2 });
    const told = await cancel();
    assert.ok(told.outcome === 'unverified', told.outcome);
    assert.deepEqual(told.notAsked, [nodes[2].name]);
    assert.ok(told.elapsedMs < 2_500, `${told.elapsedMs} ms`);
    assert.equal(await running(queryId, 2), 0);
    const { notAsked } = await client.runningQueries();
    assert.deepEqual(notAsked, [nodes[2].name]);
    const found = await client.clusterNodes();
    assert.deepEqual(
      found.map(({ answer }) => answer !== undefined),
      [true, true, false],
    );
    assert.deepEqual(await clusterProblems(client, CLUSTER), [
      `nodes of the cluster main that do not answer (${nodes[2].name})`,
    ]);
  });
});
