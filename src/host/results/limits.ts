import * as vscode from 'vscode';
import type { ReachedLimit } from '../../core/arrow/spool/loadResult.ts';
import type { SpoolLimits } from '../../core/arrow/spool/spoolWriter.ts';
import { countOf, formatBytes } from '../../shared/humanNumbers.ts';

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

function limitOf(value: unknown): number {
  return typeof value === 'number' && value > 0 ? value : Infinity;
}

/** What is said of a result that stopped at a limit. */
export function limitText(
  rows: number,
  { by }: Pick<ReachedLimit, 'by'>,
  limits: SpoolLimits,
): string {
  const reason =
    by === 'rows'
      ? 'the setting rowhouse.results.maxRows'
      : `the limit of ${formatBytes(limits.bytes)} on disk (rowhouse.results.maxBytes)`;
  return (
    `First ${countOf(rows, 'row')}, more available: reading stopped at ${reason}, and the query was ended. ` +
    'Fetch all runs the statement again, from the start.'
  );
}
