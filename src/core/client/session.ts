import { randomUUID } from 'node:crypto';
import type { Connection } from './connection.ts';
import { createRunner } from './runner.ts';
import { registerSession, SessionCore } from './sessionCore.ts';
import type { Session, SessionOptions } from './surface.ts';

const CLOSE_TIMEOUT_MS = 1_000;

/** A new session of this connection. @throws UsageError for a bad id or timeout. */
export function createSession(connection: Connection, options: SessionOptions): Session {
  const core = new SessionCore(options.id ?? randomUUID(), options);
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
    close: () => closeSession(connection, core),
  };
  registerSession(session, core);
  return session;
}

/** The server drops an idle session by itself later, so a failure here is of no consequence. */
async function closeSession(connection: Connection, core: SessionCore): Promise<void> {
  if (!core.close() || !core.existsOnServer) return;
  try {
    const execution = await connection.run({
      sql: 'SELECT 1',
      options: { signal: AbortSignal.timeout(CLOSE_TIMEOUT_MS), compression: 'none' },
      writes: false,
      lane: 'control',
      closesSession: { ...core.params(), check: true, close: true },
    });
    await execution.collect(1024);
  } catch {
    // See above.
  }
}
