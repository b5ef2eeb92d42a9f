import type { ResultSnapshot } from '../src/shared/protocol.ts';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export function countText(count: number): string {
  return whole.format(count);
}

export function rowsText(rows: number): string {
  return `${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`;
}

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Decimal units, three significant digits: `12.3 MB`. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const next of UNITS) {
    // What would be rounded to 1000 belongs to the next unit.
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  if (unit === 'B') return `${value} B`;
  return `${value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}

/** `12 ms`, `3.2 s`, `4 min 05 s`, `2 h 03 min`. @param ms milliseconds */
export function durationText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
}

function soFar(result: ResultSnapshot, elapsedMs: number): string {
  const parts = [durationText(elapsedMs)];
  if (result.bytes > 0) parts.unshift(bytesText(result.bytes));
  if (result.rows > 0) parts.unshift(rowsText(result.rows));
  return parts.join(', ');
}

/** The line in the results header. @param elapsedMs milliseconds since the run began */
export function stateText(result: ResultSnapshot, elapsedMs: number): string {
  const took = durationText(elapsedMs);
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
  if (result.message !== undefined && result.state === 'done') return result.message;
  return stateText(result, result.elapsedMs);
}

export function isActive(result: ResultSnapshot): boolean {
  return result.state === 'waiting' || result.state === 'running' || result.state === 'cancelling';
}

/** How much of the reading is done, 0 to 1, and in words; undefined when the server has not said. */
export function progressOf(
  result: ResultSnapshot,
): { fraction: number; percent: string; text: string } | undefined {
  const { readRows, totalRows } = result;
  if (!isActive(result) || readRows === undefined || !totalRows) return undefined;
  // The server's total is an estimate: it may be passed.
  const fraction = Math.min(1, readRows / totalRows);
  return {
    fraction,
    percent: `${Math.floor(fraction * 100)} % read`,
    text: `${countText(readRows)} of ${countText(totalRows)} rows read (${Math.floor(fraction * 100)} %)`,
  };
}
