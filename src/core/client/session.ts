import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import { isClickHouseError } from './errors.ts';
import type { Host } from './hosts.ts';
import { KeepWarm } from './keepWarm.ts';
import { createRunner } from './runner.ts';
import {
  type Lease,
  registerSession,
  SESSION_NOT_FOUND,
  SessionCore,
  TIMEOUT_SEC,
  type TurnSource,
} from './sessionCore.ts';
import { ReservedTurn } from './reservedTurn.ts';
import type { ReservedSession, ReserveOptions, Session, SessionOptions } from './surface.ts';

const CLOSE_TIMEOUT_MS = 1_000;
const WARM_TIMEOUT_MS = 30_000;
const MAX_IDLE_SEC = 4 * 3_600;

/** A new session of this connection. @throws UsageError for a bad id or timeout. */
export function createSession(connection: Connection, options: SessionOptions): Session {
  const keeper = new KeepWarm({
    timeoutMs: (options.timeoutSec ?? TIMEOUT_SEC) * 1_000,
    maxIdleMs: (options.maxIdleSec ?? MAX_IDLE_SEC) * 1_000,
    isWorthIt: () => !core.holdsNothing,
    warm: () => warm(connection, warmTurns),
  });
  const core: SessionCore = new SessionCore(options.id ?? randomUUID(), options, keeper);
  const warmTurns = sessionWith(connection, core, keeper, {
    acquire: (): Promise<Lease> => core.acquireToWarm(),
  });
  return sessionWith(connection, core, keeper, core);
}

/** The session, with its turns taken in one way or another. */
function sessionWith(
  connection: Connection,
  core: SessionCore,
  keeper: KeepWarm,
  turns: TurnSource,
): Session {
  const session: Session = {
    ...createRunner(connection, () => session),
    id: core.id,
    label: core.label,
    timeoutSec: core.timeoutSec,
    get state() {
      return core.state;
    },
    get waiting() {
      return core.waiting;
    },
    get turns() {
      return core.turns;
    },
    get expiry() {
      return core.state === 'idle' ? keeper.expiry : undefined;
    },
    get holds() {
      return core.holds;
    },
    get host() {
      return core.host?.url;
    },
    reserve: async ({ signal, onAhead, ...taker }: ReserveOptions): Promise<ReservedSession> => {
      const turn = new ReservedTurn(await turns.acquire(signal, taker, onAhead));
      const reserved = sessionWith(connection, core, keeper, turn);
      return Object.assign(reserved, {
        release: () => {
          turn.end();
        },
      });
    },
    cancelWaiting: (queryId) => core.cancelWaiting(queryId),
    close: () => closeSession(connection, core),
  };
  registerSession(session, turns);
  return session;
}

/** Other failures show with the next real statement. */
async function warm(connection: Connection, session: Session): Promise<boolean> {
  try {
    const execution = await connection.run({
      sql: 'SELECT 1',
      options: { session, compression: 'none', idleTimeoutMs: WARM_TIMEOUT_MS },
      writes: false,
      lane: 'control',
    });
    await execution.collect(1024);
    return true;
  } catch (error) {
    return !isClickHouseError(error) || error.code !== SESSION_NOT_FOUND;
  }
}

/** The server drops an idle session by itself later, so a failure here is of no consequence. */
async function closeSession(connection: Connection, core: SessionCore): Promise<void> {
  const { host } = core;
  if (!core.close() || host === undefined) return;
  if (!core.isFree) {
    // The server refuses to drop a session in use.
    void core.whenFree().then(() => drop(connection, core, host));
    return;
  }
  await drop(connection, core, host);
}

async function drop(connection: Connection, core: SessionCore, host: Host): Promise<void> {
  try {
    const execution = await connection.run({
      sql: 'SELECT 1',
      options: { signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS), compression: 'none' },
      writes: false,
      lane: 'control',
      host,
      closesSession: { ...core.params(), check: true, close: true },
    });
    await execution.collect(1024);
  } catch {
    // See above.
  }
}
