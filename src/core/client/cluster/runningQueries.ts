import type { Ask } from '../cancel.ts';
import type { RunningQueries, RunningQuery } from '../cancelSurface.ts';
import { askNodes, linesOf, OURS } from './askNodes.ts';
import { listNodes, namesByNumber } from './nodes.ts';

const MOST = 200;
const MOST_CHARACTERS = 2_000;
const TIMEOUT_MS = 10_000;

/** Figures of queries, with those of their parts; `node` says where a process is. */
function selectOf(node: string): string {
  // The server that a query was sent to counts the rows of all nodes; memory is counted by each for itself.
  const counted = ['read_rows', 'read_bytes', 'total_rows_approx'].map(
    (name) => `greatest(sumIf(${name}, is_initial_query), sumIf(${name}, NOT is_initial_query))`,
  );
  return `SELECT initial_query_id, any(initial_user), max(elapsed), ${counted.join(', ')},
  sum(greatest(memory_usage, 0)), max(is_cancelled), groupUniqArray(${node}),
  groupUniqArrayIf(${node}, is_initial_query),
  base64Encode(substringUTF8(if(max(is_initial_query) = 1, anyIf(query, is_initial_query), any(query)), 1, ${MOST_CHARACTERS}))`;
}

const REST = `GROUP BY initial_query_id ORDER BY max(elapsed) DESC LIMIT ${MOST}`;

/**
 * Queries that run on the server, or on all nodes of the cluster, the longest first; no more than 200, each cut to
 * 2,000 characters. Questions like this one and what no user
 * started are left out.
 * @throws RowhouseError: no right to look, no such cluster.
 */
export async function runningQueries(
  ask: Ask,
  cluster: string | undefined,
  signal: AbortSignal | undefined,
): Promise<RunningQueries> {
  if (cluster === undefined) {
    const sql = `${OURS} ${selectOf('1')} FROM system.processes ${REST} FORMAT TabSeparated`;
    const answer = await ask(sql, {}, { signal, timeoutMs: TIMEOUT_MS });
    return { queries: queriesOf(answer, () => undefined), notAsked: [] };
  }
  const question = { select: selectOf('_shard_num'), table: 'system.processes', rest: REST };
  const counting = { select: 'SELECT _shard_num', table: 'system.one', rest: '' };
  const nodes = await listNodes(ask, cluster, signal);
  const [answer, answering] = await Promise.all([
    askNodes(ask, cluster, question, {}, signal),
    askNodes(ask, cluster, counting, {}, signal),
  ]);
  const there = new Set(linesOf(answering).map(([number]) => Number(number)));
  const names = namesByNumber(nodes);
  const notAsked = [...names].flatMap(([number, name]) => (there.has(number) ? [] : [name]));
  return { queries: queriesOf(answer, (number) => names.get(number)), notAsked };
}

function queriesOf(answer: string, nameOf: (number: number) => string | undefined): RunningQuery[] {
  const namesOf = (array: string | undefined): string[] =>
    (array?.match(/\d+/g) ?? []).flatMap((number) => nameOf(Number(number)) ?? []);
  const all = linesOf(answer).map((line): RunningQuery => {
    const [queryId = '', user = '', seconds, rows, bytes, total, memory, cancelled] = line;
    return {
      queryId,
      user,
      elapsedMs: Number(seconds) * 1_000,
      readRows: Number(rows),
      readBytes: Number(bytes),
      totalRows: Number(total),
      memoryBytes: Number(memory),
      isCancelled: cancelled === '1',
      nodes: namesOf(line[8]),
      sentTo: namesOf(line[9])[0],
      query: Buffer.from(line[10] ?? '', 'base64').toString('utf8'),
    };
  });
  return all.filter(({ user, query }) => user !== '' && !query.includes(OURS));
}
