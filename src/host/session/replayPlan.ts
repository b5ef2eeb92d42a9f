import type { SessionHoldings, SessionStep } from '../../core/client/surface.ts';
import { shortSql } from './shortSql.ts';
import { countOf } from '../../shared/humanNumbers.ts';

/** The statements that make a session again, and what they do not bring back. */
export interface ReplayPlan {
  readonly steps: readonly SessionStep[];
  /** What stays lost, as parts of a sentence. */
  readonly missing: readonly string[];
}

/**
 * @param done steps that ran before
 * @param withData false: leaves out what fills tables from a SELECT, and all that builds on such a table
 */
export function replayPlan(
  { steps, inTransaction, perhaps }: SessionHoldings,
  done: number,
  withData: boolean,
): ReplayPlan {
  const unmade = new Set<string>();
  const unfilled = new Set<string>();
  const planned: SessionStep[] = [];
  for (const step of steps.slice(done)) {
    const { kind, table = '', reads, repeatable } = step;
    if (unmade.has(table)) continue;
    if (!repeatable) unfilled.add(table);
    else if (!reads || withData) planned.push(step);
    else if (kind === 'create') unmade.add(table);
    else unfilled.add(table);
  }
  const missing = [
    ...[...unmade].map((table) => `the temporary table ${table}`),
    ...[...unfilled].filter((table) => !unmade.has(table)).map((table) => `rows of ${table}`),
    ...(inTransaction ? ['the open transaction'] : []),
    ...perhaps.map((sql) => `what the interrupted “${shortSql(sql)}” may have done`),
  ];
  return { steps: planned, missing };
}

/** Statements that take as long as the first time, and may find other rows. */
export function readingSteps({ steps }: SessionHoldings, done = 0): SessionStep[] {
  return steps.slice(done).filter(({ reads, repeatable }) => reads && repeatable);
}

/** What came back, in one line. */
export function replayedText({ steps, missing }: ReplayPlan): string {
  const tables = new Set(steps.flatMap(({ kind, table }) => (kind === 'create' ? [table] : [])));
  const settings = steps.filter(({ kind }) => kind === 'set' || kind === 'use').length;
  const parts = [
    ...(settings > 0 ? [countOf(settings, 'SET or USE statement')] : []),
    ...(tables.size > 0 ? [countOf(tables.size, 'temporary table')] : []),
  ];
  const back = parts.length === 0 ? 'Nothing was replayed' : `Replayed: ${parts.join(', ')}`;
  return missing.length === 0 ? `${back}.` : `${back}. Not restored: ${missing.join(', ')}.`;
}
