import { quoteIdentifier } from '../../sql/quote.ts';
import { delay } from '../abort.ts';
import type { Ask } from '../cancel.ts';
import { isCancelledError } from '../errors.ts';
import type { CancelOutcome } from '../cancelSurface.ts';
import { askNodes, linesOf } from './askNodes.ts';
import { listNodes, namesByNumber } from './nodes.ts';

/** The cluster on whose nodes parts of a query may run. */
export interface QueryCluster {
  readonly name: string;
  /** The further hosts that the client may ask by themselves. */
  readonly hosts: readonly Ask[];
}

interface Parts {
  readonly nodes: number;
  /** Names of the nodes where parts of the query run. */
  readonly runsOn: readonly string[];
  /** Names of the nodes that did not answer. */
  readonly notAsked: readonly string[];
}

const POLL_MS = 50;
const MAX_POLL_MS = 500;
/** A cancel reaches the other nodes by itself, from the server that sent them their parts, a moment later. */
const BY_ITSELF_MS = 400;
const KILL_TIMEOUT_MS = 10_000;
const KILL = 'WHERE initial_query_id = {id:String} ASYNC';

/**
 * After a query has left the server that it was sent to, or was not there: watches its parts on the nodes of the cluster
 * until there are none, and kills those that do not end by themselves.
 * @param told what became of it on that server
 * @param waitMs until the answer is `stillRunning`; at least one look is taken.
 * @throws CancelledError when `signal` aborts; what else goes wrong is part of the outcome.
 */
export async function stopParts(
  ask: Ask,
  cluster: QueryCluster,
  queryId: string,
  told: CancelOutcome,
  { waitMs, signal }: { waitMs: number; signal?: AbortSignal | undefined },
): Promise<CancelOutcome> {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const outcome = (parts: Parts): CancelOutcome => {
    const elapsedMs = told.elapsedMs + elapsed();
    const { runsOn, notAsked, nodes } = parts;
    if (runsOn.length > 0) return { outcome: 'stillRunning', elapsedMs, runsOn };
    if (notAsked.length > 0) return { outcome: 'unverified', elapsedMs, notAsked };
    return { outcome: 'stopped', elapsedMs, nodes };
  };
  let killed = false;
  for (let pause = POLL_MS; ; pause = Math.min(pause * 2, MAX_POLL_MS)) {
    let parts: Parts;
    try {
      parts = await partsOf(ask, cluster.name, queryId, signal);
    } catch (error) {
      if (isCancelledError(error)) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const elapsedMs = told.elapsedMs + elapsed();
      return { outcome: 'unverified', elapsedMs, notAsked: [], reason };
    }
    if (parts.runsOn.length === 0) {
      const neverSeen = told.outcome === 'notFound' && !killed && parts.notAsked.length === 0;
      return neverSeen ? told : outcome(parts);
    }
    if (!killed && (told.outcome === 'notFound' || elapsed() > BY_ITSELF_MS)) {
      killed = true;
      await killParts(ask, cluster, queryId, signal);
    }
    if (elapsed() + pause > waitMs || signal?.aborted === true) return outcome(parts);
    await delay(pause, signal);
  }
}

async function partsOf(
  ask: Ask,
  cluster: string,
  queryId: string,
  signal: AbortSignal | undefined,
): Promise<Parts> {
  // Every node that answers has at least one row: that of this very question.
  const select = 'SELECT _shard_num, countIf(initial_query_id = {id:String})';
  const question = { select, table: 'system.processes', rest: 'GROUP BY _shard_num' };
  const [nodes, answers] = await Promise.all([
    listNodes(ask, cluster, signal),
    askNodes(ask, cluster, question, { id: queryId }, signal),
  ]);
  const counts = new Map(linesOf(answers).map(([node, count]) => [Number(node), Number(count)]));
  const servers = namesByNumber(nodes);
  const names = (wanted: (count: number | undefined) => boolean): string[] =>
    [...servers].flatMap(([number, name]) => (wanted(counts.get(number)) ? [name] : []));
  return {
    nodes: servers.size,
    runsOn: names((count) => count !== undefined && count > 0),
    notAsked: names((count) => count === undefined),
  };
}

/**
 * ON CLUSTER needs a Keeper and the right to it; where it is refused, the hosts that the client knows are told one by
 * one. Whether it helped is seen by looking.
 */
async function killParts(
  ask: Ask,
  { name, hosts }: QueryCluster,
  queryId: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = { signal, timeoutMs: KILL_TIMEOUT_MS };
  // No waiting for all nodes to report: one may be down.
  const onCluster = `KILL QUERY ON CLUSTER ${quoteIdentifier(name)} ${KILL} SETTINGS distributed_ddl_task_timeout = 0`;
  try {
    await ask(onCluster, { id: queryId }, options);
  } catch {
    const kill = (host: Ask): Promise<string> =>
      host(`KILL QUERY ${KILL}`, { id: queryId }, options);
    await Promise.allSettled(hosts.map(kill));
  }
}
