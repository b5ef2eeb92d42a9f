import { randomUUID } from 'node:crypto';
import { coreOf } from './sessionCore.ts';
import type { RequestOptions } from './surface.ts';

/**
 * Runs a call of several requests. In a session it takes its turn at the moment of the call and keeps it for all of
 * them, so that a later call cannot overtake it. The statement has the id that the turn shows.
 * @param sql how the turn is named; only asked in a session
 * @throws as `Session.reserve`, and what the call throws; the turn is over in any case.
 */
export async function inOneTurn<
  T extends Pick<RequestOptions, 'session' | 'queryId' | 'signal'>,
  R,
>(options: T, sql: () => string, call: (options: T) => Promise<R>): Promise<R> {
  const { session, signal, queryId = randomUUID() } = options;
  if (session === undefined) return call(options);
  coreOf(session);
  const taker = { sql: sql(), queryId, ...(signal === undefined ? {} : { signal }) };
  const turn = await session.reserve(taker);
  try {
    return await call({ ...options, queryId, session: turn });
  } finally {
    turn.release();
  }
}
