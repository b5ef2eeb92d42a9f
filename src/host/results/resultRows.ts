import { UsageError } from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';
import type { ColumnZones } from '../../core/arrow/spool/loadResult.ts';
import type { Spool } from '../../core/arrow/spool/spool.ts';
import { SpoolTable } from '../../core/arrow/spool/spoolTable.ts';
import type { ResultColumn } from '../../shared/columns.ts';
import type { WindowQuery } from './result.ts';

/** A larger answer would hold up the page: about 30 MB a second reach it in a browser-hosted VS Code. */
const WINDOW_BYTES = 16 * 1024 * 1024;

/** The rows of a result: its file and what is needed to read it. Owns the file. */
export class ResultRows {
  readonly columns: ResultColumn[];
  readonly zones: ColumnZones;
  readonly #spool: Spool;

  constructor(spool: Spool, columns: ResultColumn[], zones: ColumnZones) {
    this.#spool = spool;
    this.columns = columns;
    this.zones = zones;
  }

  get file(): string {
    return this.#spool.path;
  }

  readWindow(window: WindowQuery, signal: AbortSignal): Promise<Uint8Array> {
    const { rows, bytes } = this.#spool;
    const rowsThatFit = Math.floor((WINDOW_BYTES * rows) / (bytes + 1));
    const asked = Math.max(1, Math.min(window.rows, rowsThatFit));
    return this.#spool.readWindow({ ...window, rows: asked, signal });
  }

  openTable(engine: Client): Promise<SpoolTable> {
    const { timeZone } = this.zones;
    return SpoolTable.open({ spool: this.#spool, columns: this.columns, timeZone, engine });
  }

  /** Deletes the file. */
  dispose(): Promise<void> {
    return this.#spool.dispose();
  }

  /** Leaves the file to the next start. */
  close(): Promise<void> {
    return this.#spool.close();
  }
}

/** A result whose rows were deleted, or that never had any. */
export function rowsAreGone(): UsageError {
  return new UsageError('The rows of this result are gone.', { hint: 'Run the statement again.' });
}
