import { delay } from './abort.ts';
import type { Ask } from './cancel.ts';
import { askNodes } from './cluster/askNodes.ts';
import { isClickHouseError } from './errors.ts';
import type { QueryProgress } from './surface.ts';

const QUERY = `SELECT read_rows, read_bytes, total_rows_approx, written_rows, memory_usage,
  peak_memory_usage, length(thread_ids), elapsed
FROM system.processes WHERE query_id = {id:String} FORMAT TabSeparated`;
/**
 * The server that a query was sent to counts the rows that other nodes read for it, a moment late; memory and threads
 * are counted by each node for itself.
 */
const OF_ALL_NODES = {
  select: `SELECT ${['read_rows', 'read_bytes', 'total_rows_approx', 'written_rows']
    .map(
      (name) => `greatest(sumIf(${name}, is_initial_query), sumIf(${name}, NOT is_initial_query))`,
    )
    .join(', ')}, sum(greatest(memory_usage, 0)), sum(greatest(peak_memory_usage, 0)),
  sum(length(thread_ids)), max(elapsed)`,
  table: 'system.processes',
  rest: 'WHERE initial_query_id = {id:String} HAVING count() > 0',
};
/**
 * Errors that asking again does not end: no right to look, or no such name, syntax, setting or cluster on this server.
 * Others, such as too many queries (202) or too little memory (241), pass.
 */
const LASTING = new Set([
  36, 46, 47, 60, 62, 81, 115, 164, 170, 192, 193, 194, 452, 456, 457, 497, 516, 701,
]);
const FIRST_MS = 300;
const EVERY_MS = 500;
const SLOWEST_MS = 2_000;
/** Polls after which a long query is asked about less often. */
const FAST_POLLS = 20;
const TIMEOUT_MS = 5_000;

export interface ProgressPoller {
  readonly last: QueryProgress | undefined;
  readonly done: Promise<void>;
  stop(): void;
}

/** The server that runs a query, and the query's id there. */
export interface QueryPlace {
  readonly ask: Ask;
  readonly queryId: string;
}

/**
 * Polls a running query until it was missing twice, the server will not tell (a `LASTING` error), or `stop()`.
 * With a cluster all its nodes are asked; the one server when they cannot be.
 * Progress headers are no alternative: Node hands them over only when the header block is complete.
 * @param where asked before each poll: a statement that is repeated gets another id, maybe on another host.
 */
export function pollProgress(
  where: () => QueryPlace,
  onProgress: (progress: QueryProgress) => void,
  cluster?: string,
): ProgressPoller {
  const stop = new AbortController();
  const stopped = (): boolean => stop.signal.aborted;
  const one: Look = ({ ask, queryId: id }, signal) =>
    ask(QUERY, { id }, { signal, timeoutMs: TIMEOUT_MS });
  let look: Look =
    cluster === undefined
      ? one
      : ({ ask, queryId: id }, signal) => askNodes(ask, cluster, OF_ALL_NODES, { id }, signal);
  let last: QueryProgress | undefined;
  const run = async (): Promise<void> => {
    await delay(FIRST_MS, stop.signal);
    for (let polls = 0, missing = 0; missing < 2 && !stopped(); polls += 1) {
      const place = where();
      let progress = await poll(look, place, stop.signal);
      if (typeof progress === 'string' && look !== one) {
        if (progress === 'refused') look = one;
        progress = await poll(one, place, stop.signal);
      }
      if (progress === 'refused' || stopped()) return;
      if (progress === undefined) missing += 1;
      else if (progress !== 'failed') {
        missing = 0;
        last = progress;
        onProgress(progress);
      }
      await delay(polls < FAST_POLLS ? EVERY_MS : SLOWEST_MS, stop.signal);
    }
  };
  return {
    get last() {
      return last;
    },
    done: run(),
    stop: () => {
      stop.abort();
    },
  };
}

/** The line of figures about a query, empty when it is not there. */
type Look = (place: QueryPlace, signal: AbortSignal) => Promise<string>;

async function poll(
  look: Look,
  place: QueryPlace,
  signal: AbortSignal,
): Promise<QueryProgress | 'refused' | 'failed' | undefined> {
  let line: string;
  try {
    line = await look(place, signal);
  } catch (error) {
    // Progress is a comfort: a failed poll must not disturb the query it watches.
    if (!isClickHouseError(error)) return undefined;
    return LASTING.has(error.code) ? 'refused' : 'failed';
  }
  if (line === '') return undefined;
  const values = line.trimEnd().split('\t').map(Number);
  // The server's count of memory starts below zero for some queries.
  const at = (index: number): number => Math.max(0, values[index] ?? 0);
  return {
    queryId: place.queryId,
    readRows: at(0),
    readBytes: at(1),
    totalRows: at(2),
    writtenRows: at(3),
    memoryBytes: at(4),
    peakMemoryBytes: at(5),
    threads: at(6),
    elapsedMs: at(7) * 1_000,
  };
}
