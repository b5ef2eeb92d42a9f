import { delay } from './abort.ts';
import type { CancelOptions, CancelOutcome, ParameterValues } from './surface.ts';

/** Runs a small statement on a control connection, outside any session, and gives its text. */
export type Ask = (
  sql: string,
  params: ParameterValues,
  options?: { signal?: AbortSignal | undefined; timeoutMs?: number },
) => Promise<string>;

const KILL =
  'KILL QUERY WHERE query_id = {id:String} AND user = currentUser() ASYNC FORMAT TabSeparated';
const RUNNING =
  'SELECT count() FROM system.processes WHERE query_id = {id:String} AND user = currentUser()';
/** A query that was just sent may not be registered yet. */
const REGISTER_DELAYS_MS = [0, 100, 400, 1_000];
const WAIT_MS = 5_000;
const POLL_MS = 50;
const MAX_POLL_MS = 500;
const MAX_GONE_POLL_MS = 2_000;
const ASK_TIMEOUT_MS = 10_000;

/**
 * Kills a query and watches `system.processes` until it is gone.
 * @param pending while true, an unknown query is looked for again: its request is still on its way.
 * @throws RowhouseError when the server cannot be asked.
 */
export async function cancelQuery(
  ask: Ask,
  queryId: string,
  options: CancelOptions = {},
  pending: () => boolean = () => false,
): Promise<CancelOutcome> {
  const started = performance.now();
  const elapsed = (): number => performance.now() - started;
  if (!(await kill(ask, queryId, options.signal, pending))) {
    return { outcome: 'notFound', elapsedMs: elapsed() };
  }
  const deadline = options.waitMs ?? WAIT_MS;
  for (let pause = POLL_MS; ; pause = Math.min(pause * 2, MAX_POLL_MS)) {
    if (!(await isRunning(ask, queryId, options.signal))) {
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
  for (let pause = POLL_MS; await isRunning(ask, queryId, undefined); pause *= 2) {
    await delay(Math.min(pause, MAX_GONE_POLL_MS));
  }
}

async function kill(
  ask: Ask,
  queryId: string,
  signal: AbortSignal | undefined,
  pending: () => boolean,
): Promise<boolean> {
  for (const [index, pause] of REGISTER_DELAYS_MS.entries()) {
    if (index > 0) {
      if (!pending()) return false;
      await delay(pause, signal);
    }
    const killed = await ask(KILL, { id: queryId }, { signal, timeoutMs: ASK_TIMEOUT_MS });
    if (killed !== '') return true;
  }
  return false;
}

async function isRunning(
  ask: Ask,
  queryId: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const count = await ask(RUNNING, { id: queryId }, { signal, timeoutMs: ASK_TIMEOUT_MS });
  return count.trim() !== '0';
}
