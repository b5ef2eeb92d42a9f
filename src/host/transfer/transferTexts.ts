import path from 'node:path';
import type { CancelOutcome } from '../../core/client/cancelSurface.ts';
import type {
  PartialSave,
  QueryProgress,
  SaveProgress,
  SaveReceipt,
} from '../../core/client/surface.ts';
import type { CutSettings } from '../../core/transfer/cutSettings.ts';
import type { CancelledError } from '../../core/client/errors.ts';
import { errorMessage } from '../errors/errorParts.ts';
import { unasked } from '../results/stopText.ts';
import { countOf, formatBytes, formatDuration, formatSpeed } from '../../shared/humanNumbers.ts';

/** What a cancelled transfer left behind on the server; never rejects. */
export async function cancelText(error: CancelledError): Promise<string> {
  try {
    return outcomeText(await error.outcome);
  } catch (cause) {
    return `The server could not be asked whether the query stopped: ${errorMessage(cause)}`;
  }
}

function outcomeText(told: CancelOutcome): string {
  switch (told.outcome) {
    case 'stopped':
      return 'The query was stopped on the server.';
    case 'stillRunning':
      return 'The server was told to stop the query, but it still runs.';
    case 'notFound':
      return 'Nothing runs on the server any more.';
    case 'unverified':
      return `The query was stopped on the server, but ${unasked(told)}.`;
  }
}

/** Before this much time an estimate of the time left jumps about. */
const ESTIMATE_FROM_MS = 2_000;

/** `75 %, 12 s left`, as far as the server knows the whole. */
function timeLeft(query: QueryProgress | undefined): string[] {
  const fraction = fractionRead(query);
  if (!query || fraction === undefined || fraction === 0) return [];
  const percent = `${Math.floor(fraction * 100)} %`;
  if (query.elapsedMs < ESTIMATE_FROM_MS || fraction >= 1) return [percent];
  const left = (query.elapsedMs * (1 - fraction)) / fraction;
  return [percent, `${formatDuration(Math.max(1_000, left))} left`];
}

/** One line about a save that runs. */
export function savingText(
  saved: SaveProgress | undefined,
  query: QueryProgress | undefined,
): string {
  const parts: string[] = [];
  if (saved && saved.bytes > 0) {
    parts.push(formatBytes(saved.bytes), formatSpeed(saved.bytes, saved.ms));
  }
  if (query && query.readRows > 0) parts.push(`${countOf(query.readRows, 'row')} read`);
  parts.push(...timeLeft(query));
  return parts.length === 0 ? 'Waiting for the first rows' : parts.join(', ');
}

/** One line about a file that is sent: `1.2 GB of 5.0 GB, 120 MB/s, 32 s left`. */
export function sendingText(bytes: number, totalBytes: number, ms: number): string {
  const parts = [`${formatBytes(bytes)} of ${formatBytes(totalBytes)}`];
  const speed = formatSpeed(bytes, ms);
  if (speed !== '') parts.push(speed);
  if (ms >= ESTIMATE_FROM_MS && bytes > 0) {
    const left = (ms * (totalBytes - bytes)) / bytes;
    parts.push(`${formatDuration(Math.max(1_000, left))} left`);
  }
  return parts.join(', ');
}

/** One line about a whole file on its way to another machine: `Copying 24 %: 1.2 GB of 5.0 GB, 120 MB/s, 32 s left`. */
export function copyingText(arrived: number, bytes: number, ms: number): string {
  if (arrived === 0) return `Copying ${formatBytes(bytes)}`;
  return `Copying ${Math.floor((arrived / bytes) * 100)} %: ${sendingText(arrived, bytes, ms)}`;
}

/** Part of the rows read so far, 0 to 1; undefined when the server does not know the whole. */
export function fractionRead(query: QueryProgress | undefined): number | undefined {
  if (!query || query.totalRows === 0) return undefined;
  return Math.min(1, query.readRows / query.totalRows);
}

function savedSize({ rows, bytes, ms }: SaveReceipt): string {
  const count = rows === undefined ? '' : `${countOf(rows, 'row')}, `;
  return `Saved ${count}${formatBytes(bytes)}, in ${formatDuration(ms)}`;
}

/** A saved file's receipt with what the server may have left out of it. */
export interface SavedReceipt extends SaveReceipt {
  /** Settings in force that cut results without an error. */
  readonly cutBy?: CutSettings;
}

/** `limit = 7, offset = 3` */
export function cutText(cut: CutSettings): string {
  return Object.entries(cut)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
}

function cutWarning({ cutBy }: SavedReceipt): string {
  return cutBy ? `. Rows may be missing, by the settings ${cutText(cutBy)}` : '';
}

export function savedText(receipt: SavedReceipt): string {
  const name = path.posix.basename(receipt.path.replaceAll('\\', '/'));
  return `${savedSize(receipt)} to ${name}${cutWarning(receipt)}`;
}

/** As `savedText`, for a place where nothing else tells of the file. */
export function savedInFullText(receipt: SavedReceipt): string {
  const { path: place, format, compression, sha256 } = receipt;
  const how = compression === 'none' ? format : `${format}, ${compression}`;
  const sum = sha256 === undefined ? '' : `. SHA-256: ${sha256}`;
  return `${savedSize(receipt)} to ${place} (${how})${sum}${cutWarning(receipt)}`;
}

/** What a save that failed or was cancelled left, as a sentence. */
export function partialText(
  { path: place, bytes, startBytes }: PartialSave,
  rows: number | undefined,
): string {
  const whole = rows === undefined ? '' : `, ${countOf(rows, 'whole row')}`;
  const before = startBytes === 0 ? '' : ', with what was in the file before';
  return `What came by then is in ${path.basename(place)}: ${formatBytes(bytes)}${whole}${before}.`;
}

export interface Inserted {
  readonly rows: number | undefined;
  readonly bytes: number;
  /** Whether the count has rows of materialized views in it; undefined when that is not known. */
  readonly views: boolean | undefined;
  readonly files: string;
  readonly table: string;
}

/** What an insert wrote. A count that includes other tables' rows is never shown as this table's. */
export function insertedText({ rows, bytes, views, files, table }: Inserted): string {
  if (rows === undefined) return `Inserted ${formatBytes(bytes)} into ${table} from ${files}.`;
  if (views === false) return `Inserted ${countOf(rows, 'row')} into ${table} from ${files}.`;
  const targets = views === true ? `${table} and its materialized views` : `${table} (all targets)`;
  return `Inserted ${files}: ${countOf(rows, 'row')} written to ${targets}.`;
}
