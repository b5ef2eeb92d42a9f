import { randomUUID } from 'node:crypto';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client } from '../../../core/client/surface.ts';
import { formatBytes } from '../../../shared/humanNumbers.ts';
import type { ViewSpec } from '../../../shared/resultView.ts';
import { gridSettingsOf } from '../gridSettings.ts';
import type { Result } from '../result.ts';
import { ResultRows } from '../resultRows.ts';
import { DerivedRows } from './rowsInView.ts';

export interface DeriveOptions {
  /** A client of the local engine. */
  engine: Client;
  /** File for the rows, which does not exist yet. */
  spoolPath: string;
  /** Bytes that the rows may have on disk. */
  maxBytes: number;
  signal: AbortSignal;
  /** Rows of the result that were read so far. */
  onProgress: (readRows: number) => void;
}

/**
 * Sorts and filters the whole of a result into a file of its own.
 * @throws what went wrong, and the cancel; no file is left then
 */
export async function deriveRows(
  result: Result,
  view: ViewSpec,
  { engine, spoolPath, maxBytes, signal, onProgress }: DeriveOptions,
): Promise<DerivedRows> {
  const [{ spoolQuery }, { viewClauses }] = await Promise.all([
    import('../../../core/arrow/spool/spoolQuery.ts'),
    import('../../../core/arrow/spool/view/viewClauses.ts'),
  ]);
  await using table = await result.openTable(engine);
  const { timeZone, zones: tables = [], textSettings = [] } = result.snapshot();
  const loaded = await spoolQuery(table, viewClauses(table, view), {
    source: engine,
    spoolPath,
    gridSettings: gridSettingsOf(engine),
    limits: { rows: Infinity, bytes: maxBytes },
    signal,
    request: {
      onProgress: ({ readRows }) => {
        onProgress(readRows);
      },
    },
  });
  const { spool, columns, complete, limited, error } = loaded;
  if (!complete) {
    await spool.dispose();
    throw limited ? tooLarge(maxBytes) : error;
  }
  // The rows print in the zones, with the offsets and settings, that they had in the result.
  const held = new ResultRows(spool, columns, { timeZone, tables, textSettings });
  return new DerivedRows(randomUUID(), view, held, spool);
}

const tooLarge = (maxBytes: number): UsageError =>
  new UsageError(
    `These rows would have more than ${formatBytes(maxBytes)} on disk beside those of the result.`,
    { hint: 'Filter first, or raise the setting rowhouse.results.maxDiskBytes.' },
  );
