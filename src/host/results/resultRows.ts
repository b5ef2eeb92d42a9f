import { UsageError } from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';
import type { TextContext } from '../../core/arrow/spool/loadResult.ts';
import type { Spool, WindowPart } from '../../core/arrow/spool/spool.ts';
import { SpoolTable } from '../../core/arrow/spool/spoolTable.ts';
import { CELL_BYTES } from '../../shared/limits.ts';
import type { ResultColumn } from '../../shared/columns.ts';
import type { WindowQuery } from './result.ts';

/** A larger answer would hold up the page: about 30 MB a second reach it in a browser-hosted VS Code. */
const WINDOW_BYTES = 4 * 1024 * 1024;
const WHOLE_WINDOW_BYTES = 16 * 1024 * 1024;

/** The rows of a result: its file and what is needed to read it. Owns the file. */
export class ResultRows {
  readonly columns: ResultColumn[];
  readonly texts: TextContext;
  readonly #spool: Spool;

  constructor(spool: Spool, columns: ResultColumn[], texts: TextContext) {
    this.#spool = spool;
    this.columns = columns;
    this.texts = texts;
  }

  get file(): string {
    return this.#spool.path;
  }

  readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart> {
    const { whole = false, ...asked } = window;
    return this.#spool.readPart({
      ...asked,
      signal,
      maxBytes: whole ? WHOLE_WINDOW_BYTES : WINDOW_BYTES,
      cellBytes: whole ? Infinity : CELL_BYTES,
    });
  }

  openTable(engine: Client): Promise<SpoolTable> {
    const { timeZone, textSettings } = this.texts;
    const { columns } = this;
    return SpoolTable.open({ spool: this.#spool, columns, timeZone, textSettings, engine });
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
