import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import type { CopyBlock } from '../../src/shared/gridCommand.ts';
import { element } from '../dom.ts';
import type { CellPosition } from '../grid/selectionModel.ts';
import type { LiveRegion } from '../liveRegion.ts';
import type { PageMemory } from '../pageState.ts';
import type { Requests } from '../requests.ts';
import { Inspector } from './inspector.ts';
import { readCell, type WholeCell } from './readCell.ts';

export interface PaneOptions {
  resultId: string;
  /** Which rows of the result are meant. */
  rowsId: () => { view?: string };
  columns: readonly ResultColumn[];
  context: ReadContext;
  requests: Requests;
  memory: PageMemory;
  live: LiveRegion;
  onOpen: (open: boolean) => void;
  onCopy: (block: CopyBlock) => void;
  /** Closed while the focus was in it. */
  onLeave: () => void;
}

/** ms before "Reading the value…" is shown: most values come sooner, and must not flicker. */
const WAIT_MS = 150;

/** The value pane while it is open: follows the active cell and reads its whole value from the host. */
export class CellPane {
  readonly element = element('div', { class: 'inspector-place' });
  readonly #options: PaneOptions;
  #inspector: Inspector | undefined;
  /** The row, and the column of the result. */
  #cell: CellPosition | undefined;
  #running = new AbortController();

  constructor(options: PaneOptions) {
    this.#options = options;
  }

  toggle(): void {
    if (this.#inspector) this.close();
    else this.#open();
  }

  close(): void {
    if (!this.#inspector) return;
    const { live, onOpen, onLeave } = this.#options;
    const hadFocus = this.element.contains(document.activeElement);
    this.#running.abort();
    this.#inspector = undefined;
    this.element.replaceChildren();
    onOpen(false);
    live.say('Value closed', `value ${performance.now()}`);
    if (hadFocus) onLeave();
  }

  /** The active cell is another one. @param cell its column is the result's */
  follow(cell: CellPosition | undefined): void {
    const same = cell?.row === this.#cell?.row && cell?.column === this.#cell?.column;
    this.#cell = cell;
    if (!same) void this.#read();
  }

  /** Other rows are shown: the active cell has another value. */
  again(): void {
    void this.#read();
  }

  /** The whole value of any cell, in the zone of its column. @throws as requests for windows do */
  async valueOf(cell: CellPosition): Promise<WholeCell> {
    const { columns, context } = this.#options;
    const column = columns[cell.column];
    if (!column) throw new RangeError('There is no such column.');
    return readCell(await this.#window(cell, new AbortController().signal), column, context);
  }

  dispose(): void {
    this.#running.abort();
  }

  #open(): void {
    if (!this.#cell) return;
    const { memory, live, onOpen, onCopy } = this.#options;
    this.#inspector = new Inspector(memory.inspectorWidth, {
      onCopy: () => {
        if (!this.#cell) return;
        const { row, column } = this.#cell;
        onCopy({ rows: [{ first: row, last: row }], columns: [column] });
      },
      onClose: () => {
        this.close();
      },
      onWidth: (px) => {
        memory.inspectorWidth = px;
      },
    });
    this.element.replaceChildren(this.#inspector.element);
    onOpen(true);
    live.say('Value opened beside the grid', `value ${performance.now()}`);
    void this.#read();
  }

  async #window({ row, column }: CellPosition, signal: AbortSignal): Promise<Uint8Array> {
    const { resultId, rowsId, requests } = this.#options;
    const asked = { firstRow: row, rows: 1, columns: [column], whole: true };
    return (await requests.window({ resultId, ...asked, ...rowsId() }, signal)).ipc;
  }

  async #read(): Promise<void> {
    this.#running.abort();
    const inspector = this.#inspector;
    const { columns, context } = this.#options;
    const cell = this.#cell;
    const column = cell && columns[cell.column];
    if (!inspector || !column) return;
    const { row } = cell;
    this.#running = new AbortController();
    const { signal } = this.#running;
    const waiting = setTimeout(() => {
      inspector.showWaiting(column.name, row);
    }, WAIT_MS);
    try {
      const ipc = await this.#window(cell, signal);
      clearTimeout(waiting);
      inspector.show(readCell(ipc, column, context), row);
    } catch (error) {
      if (signal.aborted) return;
      inspector.showProblem(
        column.name,
        row,
        error instanceof Error ? error.message : String(error),
      );
    } finally {
      clearTimeout(waiting);
    }
  }
}
