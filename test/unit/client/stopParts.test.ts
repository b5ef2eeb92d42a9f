import assert from 'node:assert/strict';
import type { Ask } from '../../../src/core/client/cancel.ts';
import { stopParts } from '../../../src/core/client/cluster/stopParts.ts';

const NODES = 'a\t9000\t1\t1\t1\t0\nb\t9000\t1\t2\t0\t0\n';
const STOPPED = { outcome: 'stopped', elapsedMs: 5 } as const;

/**
 * A server whose second node runs a part until it is killed there. The local engine has no Keeper, so what a server
 * with one is told can be seen only here.
 */
function serverWith(killOnCluster: 'works' | 'is refused') {
  const told: string[] = [];
  let runs = 1;
  const ask: Ask = (sql) => {
    if (sql.includes('system.clusters')) return Promise.resolve(NODES);
    if (sql.includes('_shard_num')) return Promise.resolve(`1\t0\n2\t${runs}\n`);
    told.push(sql);
    if (sql.includes('ON CLUSTER') && killOnCluster === 'is refused') {
      return Promise.reject(new Error('There is no Keeper.'));
    }
    runs = 0;
    return Promise.resolve('');
  };
  return { ask, told };
}

describe('parts of a query that outlast it', () => {
  it('are killed on the cluster, once', async () => {
    const { ask, told } = serverWith('works');
    const cluster = { name: 'my `cluster`', hosts: [] };
    const outcome = await stopParts(ask, cluster, 'id', STOPPED, { waitMs: 5_000 });
    assert.deepEqual([outcome.outcome, told.length], ['stopped', 1]);
    assert.match(
      told[0] ?? '',
      /^KILL QUERY ON CLUSTER `my \\`cluster\\`` WHERE initial_query_id = \{id:String\} ASYNC /,
    );
  });

  it('are killed on the hosts of the client when the cluster refuses', async () => {
    const { ask, told } = serverWith('is refused');
    const cluster = { name: 'main', hosts: [ask] };
    const outcome = await stopParts(ask, cluster, 'id', STOPPED, { waitMs: 5_000 });
    assert.equal(outcome.outcome, 'stopped');
    assert.equal(told[1], 'KILL QUERY WHERE initial_query_id = {id:String} ASYNC');
  });

  it('are named when nothing helps', async () => {
    const { ask } = serverWith('is refused');
    const cluster = { name: 'main', hosts: [] };
    const outcome = await stopParts(ask, cluster, 'id', STOPPED, { waitMs: 600 });
    assert.ok(outcome.outcome === 'stillRunning', outcome.outcome);
    assert.deepEqual(outcome.runsOn, ['b:9000']);
  });
});
