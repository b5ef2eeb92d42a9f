import type { WindowPart } from '../../../core/arrow/spool/spool.ts';
import type { SpoolTable } from '../../../core/arrow/spool/spoolTable.ts';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client } from '../../../core/client/surface.ts';
import { WHOLE, type ViewSpec } from '../../../shared/resultView.ts';
import type { Result, WindowQuery } from '../result.ts';
import type { ResultRows } from '../resultRows.ts';

/** The rows of a result as the grid shows them: its own, or what a sort and filters make of them. */
export interface RowsInView {
  /** Tells these rows from others: the result's own id, or another for each sort and filter. */
  readonly id: string;
  readonly view: ViewSpec;
  /** Rows so far: those of a result may still come. */
  readonly rows: number;
  /** As {@link Result.readWindow}. */
  readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart>;
  /** As {@link Result.openTable}. */
  openTable(engine: Client): Promise<SpoolTable>;
}

export const ownRows = (result: Result): RowsInView => ({
  id: result.id,
  view: WHOLE,
  rows: result.snapshot().rows,
  readWindow: (window, signal) => result.readWindow(window, signal),
  openTable: (engine) => result.openTable(engine),
});

/** Rows that were made of a result's, in a file of their own. */
export class DerivedRows implements RowsInView {
  readonly id: string;
  readonly view: ViewSpec;
  readonly rows: number;
  readonly bytes: number;
  readonly #held: ResultRows;
  #isGone = false;

  constructor(id: string, view: ViewSpec, held: ResultRows, size: { rows: number; bytes: number }) {
    this.id = id;
    this.view = view;
    this.#held = held;
    this.rows = size.rows;
    this.bytes = size.bytes;
  }

  readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart> {
    return this.#held.readWindow(window, signal);
  }

  async openTable(engine: Client): Promise<SpoolTable> {
    if (this.#isGone) {
      throw new UsageError('These rows are no longer shown: the sort or the filters changed.', {
        hint: 'Try again with the rows that are shown now.',
      });
    }
    return this.#held.openTable(engine);
  }

  /** Deletes the file. */
  dispose(): Promise<void> {
    this.#isGone = true;
    return this.#held.dispose();
  }
}
