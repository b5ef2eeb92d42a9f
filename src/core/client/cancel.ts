import { delay } from './abort.ts';
import { type QueryCluster, stopParts } from './cluster/stopParts.ts';
import type { CancelOptions, CancelOutcome } from './cancelSurface.ts';
import type { ParameterValues } from './surface.ts';

/** Runs a small statement on a control connection, outside any session, and gives its text. */
export type Ask = (
  sql: string,
  params: ParameterValues,
  options?: { signal?: AbortSignal | undefined; timeoutMs?: number },
) => Promise<string>;

/** A query by its id; ids are unique for each user only. */
const OWN = 'WHERE query_id = {id:String} AND user = currentUser()';
const OF_ANY_USER = 'WHERE query_id = {id:String}';
/** A query that was just sent may not be registered yet. */
const REGISTER_DELAYS_MS = [0, 100, 400, 1_000];
const WAIT_MS = 5_000;
const POLL_MS = 50;
const MAX_POLL_MS = 500;
const MAX_GONE_POLL_MS = 2_000;
const ASK_TIMEOUT_MS = 10_000;
const PROMPT_MS = 700;

/**
 * Kills a query and watches `system.processes` until it is gone, on all nodes of the cluster if there is one.
 * @param pending while true, an unknown query is looked for again: its request is still on its way.
 * @throws RowhouseError when the server cannot be asked.
 */
export async function cancelQuery(
  ask: Ask,
  queryId: string,
  options: CancelOptions = {},
  pending: () => boolean = () => false,
  cluster?: QueryCluster,
): Promise<CancelOutcome> {
  const told = await cancelOnServer(ask, queryId, options, pending);
  return toldByCluster(ask, queryId, told, cluster, options);
}

/** What all nodes of the cluster say about a query that its own server does not run any more. */
export async function toldByCluster(
  ask: Ask,
  queryId: string,
  told: CancelOutcome,
  cluster: QueryCluster | undefined,
  { waitMs = WAIT_MS, signal }: CancelOptions,
): Promise<CancelOutcome> {
  if (cluster === undefined || told.outcome === 'stillRunning') return told;
  return stopParts(ask, cluster, queryId, told, { waitMs: waitMs - told.elapsedMs, signal });
}

/** As `cancelQuery`, on the one server that is asked. */
export async function cancelOnServer(
  ask: Ask,
  queryId: string,
  options: CancelOptions,
  pending: () => boolean = () => false,
): Promise<CancelOutcome> {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  const where = options.anyUser === true ? OF_ANY_USER : OWN;
  if (!(await kill(ask, queryId, where, options.signal, pending))) {
    return { outcome: 'notFound', elapsedMs: elapsed() };
  }
  const deadline = options.waitMs ?? WAIT_MS;
  for (let pause = POLL_MS; ; pause = Math.min(pause * 2, MAX_POLL_MS)) {
    if (!(await isRunning(ask, queryId, where, options.signal))) {
      return { outcome: 'stopped', elapsedMs: elapsed() };
    }
    if (elapsed() + pause > deadline || options.signal?.aborted === true) {
      return { outcome: 'stillRunning', elapsedMs: elapsed() };
    }
    await delay(pause, options.signal);
  }
}

/** Waits until the server no longer runs the query. @throws RowhouseError when it cannot be asked. */
export async function untilGone(ask: Ask, queryId: string): Promise<void> {
  for (let pause = POLL_MS; await isRunning(ask, queryId, OWN, undefined); pause *= 2) {
    await delay(Math.min(pause, MAX_GONE_POLL_MS));
  }
}

async function kill(
  ask: Ask,
  queryId: string,
  where: string,
  signal: AbortSignal | undefined,
  pending: () => boolean,
): Promise<boolean> {
  for (const [index, pause] of REGISTER_DELAYS_MS.entries()) {
    if (index > 0) {
      if (!pending()) return false;
      await delay(pause, signal);
    }
    if (await killOnce(ask, queryId, where, signal)) return true;
  }
  return false;
}

/**
 * KILL of a distributed query answers only when all its nodes do, after 15 s when one hangs; that the query is told to
 * stop shows at once.
 */
async function killOnce(
  ask: Ask,
  queryId: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const enough = new AbortController();
  const ended = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  const options = { signal: ended, timeoutMs: ASK_TIMEOUT_MS };
  const killing = ask(`KILL QUERY ${where} ASYNC FORMAT TabSeparated`, { id: queryId }, options);
  const answered = killing.then(
    () => true,
    () => true,
  );
  const prompt = delay(PROMPT_MS, ended).then(() => false);
  try {
    const isPrompt = await Promise.race([answered, prompt]);
    const told = `${where} AND is_cancelled`;
    if (!isPrompt && (await isRunning(ask, queryId, told, signal))) return true;
    return (await killing) !== '';
  } finally {
    enough.abort();
  }
}

async function isRunning(
  ask: Ask,
  queryId: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const sql = `SELECT count() FROM system.processes ${where}`;
  const count = await ask(sql, { id: queryId }, { signal, timeoutMs: ASK_TIMEOUT_MS });
  return count.trim() !== '0';
}
