import { countOf, formatBytes, formatCount, formatDuration } from '../src/shared/humanNumbers.ts';
import type { ResultSnapshot } from '../src/shared/protocol.ts';

function rowsText(rows: number): string {
  return countOf(rows, 'row');
}

function soFar(result: ResultSnapshot, elapsedMs: number): string {
  const parts = [formatDuration(elapsedMs)];
  if (result.bytes > 0) parts.unshift(formatBytes(result.bytes));
  if (result.rows > 0) parts.unshift(rowsText(result.rows));
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

/** A query that has read all still works on what it read: 100 % would say that it is done. */
const MOST_PERCENT = 99;

/** How much of the reading is done, in percent and in words; undefined when the server has not said. */
export function progressOf(result: ResultSnapshot): { percent: number; text: string } | undefined {
  const { readRows, totalRows } = result;
  if (!isActive(result) || readRows === undefined || !totalRows) return undefined;
  // The server's total is an estimate: it may be passed.
  const percent = Math.min(MOST_PERCENT, Math.floor((readRows / totalRows) * 100));
  return {
    percent,
    text: `${formatCount(readRows)} of ${formatCount(totalRows)} rows read (${percent} %)`,
  };
}
