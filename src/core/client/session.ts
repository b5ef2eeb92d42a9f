import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import { KeepWarm } from './keepWarm.ts';
import { createRunner } from './runner.ts';
import { registerSession, SessionCore, TIMEOUT_SEC } from './sessionCore.ts';
import type { Session, SessionOptions } from './surface.ts';

const CLOSE_TIMEOUT_MS = 1_000;
const WARM_TIMEOUT_MS = 30_000;
const MAX_IDLE_SEC = 4 * 3_600;

/** A new session of this connection. @throws UsageError for a bad id or timeout. */
export function createSession(connection: Connection, options: SessionOptions): Session {
  const keeper = new KeepWarm({
    everyMs: (options.timeoutSec ?? TIMEOUT_SEC) * 500,
    maxIdleMs: (options.maxIdleSec ?? MAX_IDLE_SEC) * 1_000,
    isWorthIt: () => core.holds.statements.length > 0 || core.holds.temporaryTables.length > 0,
    warm: () => warm(connection, warmTurns),
  });
  const core: SessionCore = new SessionCore(options.id ?? randomUUID(), options, keeper);
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
    get holds() {
      return core.holds;
    },
    get host() {
      return core.host?.url;
    },
    close: () => closeSession(connection, core),
  };
  registerSession(session, core);
  // The same session once more, whose turns do not count as use.
  const warmTurns: Session = { ...session };
  registerSession(warmTurns, { acquire: () => core.acquireToWarm() });
  return session;
}

/** A failure shows with the next real statement, as a lost session for example. */
async function warm(connection: Connection, session: Session): Promise<void> {
  try {
    const execution = await connection.run({
      sql: 'SELECT 1',
      options: { session, compression: 'none', idleTimeoutMs: WARM_TIMEOUT_MS },
      writes: false,
      lane: 'control',
    });
    await execution.collect(1024);
  } catch {
    // See above.
  }
}

/** The server drops an idle session by itself later, so a failure here is of no consequence. */
async function closeSession(connection: Connection, core: SessionCore): Promise<void> {
  const { host } = core;
  if (!core.close() || host === undefined) return;
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
