import * as vscode from 'vscode';
import type { SpoolLimits } from '../../core/arrow/spool/spoolWriter.ts';

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
