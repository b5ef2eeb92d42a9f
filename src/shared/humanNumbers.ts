/** Numbers as people read them; one place, so that all parts of the product write them alike. */

// Made when they are first used: one alone takes longer than all the rest of the extension's start.
let integers: Intl.NumberFormat | undefined;
let short: Intl.NumberFormat | undefined;
const BYTE_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A whole number with thousands separators, for example `3,000,000`. */
export function formatCount(value: number | bigint): string {
  integers ??= new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  return integers.format(value);
}

/** A large number in short, for example `999`, `20M`, `1.2B`. */
export function formatShort(value: number): string {
  short ??= new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
  return short.format(value);
}

/** A number of things, for example `1 row` or `1,461 rows`. `plural` is for nouns that do not take an s. */
export function countOf(value: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${Number(value) === 1 ? noun : plural}`;
}

/** A size in decimal units with two or three digits, for example `999 bytes`, `1.5 kB`, `123 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return countOf(bytes, 'byte');
  let value = bytes / 1000;
  let unit = 0;
  // From 999.5 on, rounding would print 1000.
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** The peak memory of a query; the server counts it in steps of megabytes, so that 0 is no measure. */
export function formatPeakMemory(bytes: number): string {
  return bytes === 0 ? 'too little to be measured' : formatBytes(bytes);
}

/** A speed, for example `45 MB/s`. Empty before there is anything to measure. */
export function formatSpeed(bytes: number, ms: number): string {
  return ms > 0 && bytes > 0 ? `${formatBytes((bytes * 1000) / ms)}/s` : '';
}

/** A time span, for example `340 ms`, `4.2 s`, `3 min 5 s`, `2 h 0 min`. */
export function formatDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(ms / 60_000);
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`;
}
