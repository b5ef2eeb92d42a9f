import * as vscode from 'vscode';
import type { ReachedLimit } from '../../core/arrow/spool/loadResult.ts';
import type { SpoolLimits } from '../../core/arrow/spool/spoolWriter.ts';
import { countOf, formatBytes } from '../../shared/humanNumbers.ts';

/** The limits of one result, and what all results together leave of the disk for it. */
export interface ResultLimits extends SpoolLimits {
  /** True when the disk is nearer than the result's own limit. */
  readonly isByDisk: boolean;
}

/** ms for which an answer about the room on disk holds: rows can come a hundred times a second. */
const ROOM_HOLDS_MS = 200;

export const UNLIMITED: SpoolLimits = { rows: Infinity, bytes: Infinity };

/** The user's limits for one result; 0 means none. */
export function resultLimits(uri: vscode.Uri): SpoolLimits {
  const settings = vscode.workspace.getConfiguration('rowhouse.results', uri);
  return {
    rows: limitOf(settings.get<unknown>('maxRows')),
    bytes: limitOf(settings.get<unknown>('maxBytes')),
  };
}

/** How many bytes the rows of all results of the window may have on disk. */
export function diskLimit(): number {
  const settings = vscode.workspace.getConfiguration('rowhouse.results');
  return limitOf(settings.get<unknown>('maxDiskBytes'));
}

/** @param room bytes on disk that are left for the result; it changes while the rows come */
export function withinDisk(own: SpoolLimits, room: () => number): ResultLimits {
  let known = { at: -Infinity, bytes: 0 };
  const left = (): number => {
    const now = performance.now();
    if (now - known.at > ROOM_HOLDS_MS) known = { at: now, bytes: room() };
    return known.bytes;
  };
  return {
    rows: own.rows,
    get bytes() {
      return Math.min(own.bytes, left());
    },
    get isByDisk() {
      return left() < own.bytes;
    },
  };
}

function limitOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : Infinity;
}

/** What is said of a result that stopped at a limit. */
export function limitText(
  rows: number,
  { by }: Pick<ReachedLimit, 'by'>,
  limits: ResultLimits,
): string {
  const first = `First ${countOf(rows, 'row')}, more available: reading stopped at`;
  if (by === 'bytes' && limits.isByDisk) {
    return (
      `${first} the limit of disk use for all results (rowhouse.results.maxDiskBytes), and the query was ended. ` +
      'Close or unpin other results, or raise the setting, and run the statement again.'
    );
  }
  const reason = ownLimit(by, limits);
  return `${first} ${reason}, and the query was ended. Fetch all runs the statement again, from the start.`;
}

/** What is said where the rows of a file are shown, as far as a limit. */
export function fileLimitText(
  rows: number,
  { by }: Pick<ReachedLimit, 'by'>,
  limits: ResultLimits,
): string {
  const reason =
    by === 'bytes' && limits.isByDisk
      ? 'the limit of disk use for all results (rowhouse.results.maxDiskBytes)'
      : ownLimit(by, limits);
  return `First ${countOf(rows, 'row')} of the file: showing them stopped at ${reason}. The file itself is whole.`;
}

function ownLimit(by: ReachedLimit['by'], { bytes }: ResultLimits): string {
  return by === 'rows'
    ? 'the setting rowhouse.results.maxRows'
    : `the limit of ${formatBytes(bytes)} on disk (rowhouse.results.maxBytes)`;
}
