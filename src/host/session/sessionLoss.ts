import type { SessionHoldings, SessionStep } from '../../core/client/surface.ts';

/** What a document lost with a session, until it is replayed or given up. */
export interface SessionLoss {
  /** Id of the connection that it was on: nothing of it may be made again on another one. */
  readonly connection: string;
  readonly holdings: SessionHoldings;
  /** Steps that a replay has done. */
  done: number;
}

/**
 * A further session of the document was lost, while the loss before it was not replayed, or in part: what a replay has
 * made comes first, then what it has not made yet, then what came in the new session.
 */
export function lossWith(
  before: SessionLoss | undefined,
  held: SessionHoldings,
  connection: string,
): SessionLoss {
  if (before?.connection !== connection) return { connection, holdings: held, done: 0 };
  const { holdings, done } = before;
  const replayed = new Set(holdings.steps.slice(0, done).map(({ sql }) => sql));
  const isReplayed = ({ sql }: SessionStep): boolean => replayed.has(sql);
  const left = holdings.steps.slice(done);
  const steps = [
    ...held.steps.filter(isReplayed),
    ...left,
    ...held.steps.filter((step) => !isReplayed(step)),
  ];
  const tables = left.flatMap(({ kind, table }) =>
    kind === 'create' && table !== undefined ? [table] : [],
  );
  const names = new Set(held.settings.map(({ name }) => name));
  return {
    connection,
    holdings: {
      statements: steps
        .filter(({ kind }) => kind === 'set' || kind === 'use')
        .map(({ sql }) => sql),
      temporaryTables: [...new Set([...held.temporaryTables, ...tables])],
      settings: [...holdings.settings.filter(({ name }) => !names.has(name)), ...held.settings],
      database: held.database ?? holdings.database,
      inTransaction: holdings.inTransaction || held.inTransaction,
      perhaps: [...holdings.perhaps, ...held.perhaps],
      steps,
    },
    done: 0,
  };
}
