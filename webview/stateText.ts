import { countOf, formatBytes, formatDuration } from '../src/shared/humanNumbers.ts';
import type { ResultSnapshot } from '../src/shared/protocol.ts';

function rowsText(rows: number): string {
  return countOf(rows, 'row');
}

/** The most important first: a narrow panel cuts the end. */
function soFar(result: ResultSnapshot, elapsedMs: number): string {
  const parts = [formatDuration(elapsedMs)];
  if (result.rows > 0) parts.push(rowsText(result.rows));
  if (result.bytes > 0) parts.push(formatBytes(result.bytes));
  return parts.join(', ');
}

/** The line in the results header. @param elapsedMs milliseconds since the run began */
export function stateText(result: ResultSnapshot, elapsedMs: number): string {
  const took = formatDuration(elapsedMs);
  switch (result.state) {
    case 'waiting':
      return `Waiting… ${took}`;
    case 'running':
      return `Running… ${soFar(result, elapsedMs)}`;
    case 'cancelling':
      return `Cancelling… ${soFar(result, elapsedMs)}`;
    case 'done':
      if (!result.complete) return `Incomplete: first ${rowsText(result.rows)} in ${took}`;
      return result.columns.length === 0
        ? `Done in ${took}`
        : `${rowsText(result.rows)} in ${took}`;
    case 'failed':
      return result.rows > 0
        ? `Incomplete: ${rowsText(result.rows)} before the error, ${took}`
        : `Failed after ${took}`;
    case 'cancelled':
      return result.rows > 0
        ? `Cancelled: ${rowsText(result.rows)} came before, ${took}`
        : `Cancelled after ${took}`;
  }
}

/** What a screen reader is told: without the numbers that change all the time. */
export function announcement(result: ResultSnapshot): string {
  if (result.state === 'failed' && result.error) {
    return `${stateText(result, result.elapsedMs)}. ${result.error.name}: ${result.error.message}`;
  }
  const state = stateText(result, result.elapsedMs);
  if (result.message === undefined) return state;
  return result.state === 'done' ? result.message : `${state}. ${result.message}`;
}

export function isActive(result: ResultSnapshot): boolean {
  return result.state === 'waiting' || result.state === 'running' || result.state === 'cancelling';
}
