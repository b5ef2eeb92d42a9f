import type { RunningQueries, RunningQuery } from '../../core/client/cancelSurface.ts';
import { countOf, formatBytes, formatDuration, formatShort } from '../../shared/humanNumbers.ts';
import { shortSql } from '../session/shortSql.ts';

/** What a line of the list says about a query. */
export interface RunningTexts {
  readonly label: string;
  readonly detail: string;
}

function readText({ readRows, readBytes, totalRows }: RunningQuery): string {
  const percent =
    totalRows > 0 ? ` (${Math.min(100, Math.floor((100 * readRows) / totalRows))} %)` : '';
  return `${formatShort(readRows)} rows read${percent}, ${formatBytes(readBytes)}`;
}

function placeText({ nodes, sentTo }: RunningQuery): string[] {
  if (nodes.length === 0) return [];
  const on = nodes.length === 1 ? `on ${nodes.join('')}` : `on ${nodes.length} nodes`;
  if (sentTo === undefined) return [`parts left ${on}: the node that they were for is done`];
  return [nodes.length === 1 ? on : `sent to ${sentTo}, ${on}`];
}

export function runningTexts(query: RunningQuery): RunningTexts {
  const { user, elapsedMs, memoryBytes, isCancelled } = query;
  const parts = [
    ...(isCancelled ? ['stopping'] : []),
    user,
    formatDuration(elapsedMs),
    readText(query),
    `${formatBytes(memoryBytes)} memory`,
    ...placeText(query),
  ];
  return { label: shortSql(query.query), detail: parts.join(' · ') };
}

/** How many run, and which nodes of the cluster did not answer. */
export function runningSummary({ queries, notAsked }: RunningQueries, name: string): string {
  const count =
    queries.length === 0 ? 'No queries run' : countOf(queries.length, 'query', 'queries');
  const running = queries.length === 0 ? `${count} on ${name}` : `${count} running on ${name}`;
  return notAsked.length === 0 ? running : `${running}; ${notAsked.join(', ')} did not answer`;
}
