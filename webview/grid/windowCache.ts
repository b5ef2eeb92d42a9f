import { WINDOW_COLUMNS, WINDOW_ROWS } from '../../src/shared/limits.ts';

/**
 * Which parts of a result the page holds, and which it has to ask for.
 *
 * The result is cut into blocks of WINDOW_ROWS rows x WINDOW_COLUMNS columns, aligned, so that scrolling
 * back and forth asks for nothing twice. A block may be filled in pieces: rows are still coming, or the host
 * answered with fewer rows than asked because the cells are large. The oldest unused blocks are dropped.
 */

/** Rows beyond the visible ones that are asked for ahead of scrolling. */
const OVERSCAN_ROWS = 48;
/** A page that jumps about must not fill the host's queue. */
const MAX_IN_FLIGHT = 6;

/** What is on screen: rows [firstRow, endRow) and columns of the result, in any order. */
export interface VisibleWindow {
  firstRow: number;
  endRow: number;
  columns: readonly number[];
}

export interface WindowAsk {
  firstRow: number;
  rows: number;
  columns: number[];
  /** The blocks that the answer fills. */
  keys: number[];
}

interface Piece<T> {
  firstRow: number;
  rows: number;
  columns: T[];
}

interface Block<T> {
  /** Rows before this one are here. */
  until: number;
  pieces: Piece<T>[];
  bytes: number;
}

export interface CacheLimits {
  blocks: number;
  bytes: number;
}

/** @typeParam T what is kept per column of a window, for example a cell reader */
export class WindowCache<T> {
  readonly #columns: number;
  readonly #groups: number;
  readonly #limits: CacheLimits;
  /** In order of use, the oldest first. */
  readonly #blocks = new Map<number, Block<T>>();
  readonly #inFlight = new Set<WindowAsk>();
  readonly #failed = new Set<number>();
  #bytes = 0;

  constructor(columns: number, limits: CacheLimits = { blocks: 384, bytes: 48 * 1024 * 1024 }) {
    this.#columns = columns;
    this.#groups = Math.max(1, Math.ceil(columns / WINDOW_COLUMNS));
    this.#limits = limits;
  }

  /**
   * What to ask for now, and which earlier requests nobody waits for any more.
   * The asks count as in flight until `accept` or `fail` takes them.
   * @param rows rows of the result so far
   */
  plan(view: VisibleWindow, rows: number): { ask: WindowAsk[]; abandon: WindowAsk[] } {
    const wanted = this.#wantedKeys(view, rows);
    const abandon = [...this.#inFlight].filter((ask) => !ask.keys.some((key) => wanted.has(key)));
    for (const ask of abandon) this.#inFlight.delete(ask);

    const ask: WindowAsk[] = [];
    for (const next of this.#missing(view, rows)) {
      if (this.#inFlight.size >= MAX_IN_FLIGHT) break;
      this.#inFlight.add(next);
      ask.push(next);
    }
    return { ask, abandon };
  }

  /**
   * Keeps an answer. It may have fewer rows than asked, but begins where the request did.
   * @param columns one entry per asked column
   * @returns false when the request was abandoned
   */
  accept(ask: WindowAsk, rows: number, columns: readonly T[], bytes: number): boolean {
    if (!this.#inFlight.delete(ask)) return false;
    // An answer without rows would be asked for again at once, for ever.
    if (rows === 0) {
      for (const key of ask.keys) this.#failed.add(key);
      return true;
    }
    for (const key of ask.keys) {
      const block = this.#blocks.get(key) ?? { until: ask.firstRow, pieces: [], bytes: 0 };
      if (block.until !== ask.firstRow) continue;
      const from = ask.columns.indexOf((key % this.#groups) * WINDOW_COLUMNS);
      const share = bytes / ask.keys.length;
      block.pieces.push({
        firstRow: ask.firstRow,
        rows,
        columns: columns.slice(from, from + WINDOW_COLUMNS),
      });
      block.until += rows;
      block.bytes += share;
      this.#bytes += share;
      this.#touch(key, block);
    }
    this.#evict();
    return true;
  }

  /** The blocks of a failed request are not asked for again until `retry`. @returns false when abandoned */
  fail(ask: WindowAsk): boolean {
    if (!this.#inFlight.delete(ask)) return false;
    for (const key of ask.keys) this.#failed.add(key);
    return true;
  }

  retry(): void {
    this.#failed.clear();
  }

  /** What is kept for a cell, with the row's index within its window; undefined when it is not here. */
  find(row: number, column: number): { value: T; row: number } | undefined {
    const group = Math.floor(column / WINDOW_COLUMNS);
    const block = this.#blocks.get(Math.floor(row / WINDOW_ROWS) * this.#groups + group);
    if (block === undefined || row >= block.until) return undefined;
    for (let i = block.pieces.length - 1; i >= 0; i--) {
      const piece = block.pieces[i];
      if (piece === undefined || row < piece.firstRow) continue;
      const value = piece.columns[column - group * WINDOW_COLUMNS];
      return value === undefined ? undefined : { value, row: row - piece.firstRow };
    }
    return undefined;
  }

  get size(): { blocks: number; bytes: number; inFlight: number } {
    return { blocks: this.#blocks.size, bytes: this.#bytes, inFlight: this.#inFlight.size };
  }

  #wantedKeys(view: VisibleWindow, rows: number): Set<number> {
    const keys = new Set<number>();
    for (const chunk of wantedChunks(view, rows)) {
      for (const group of this.#groupsOf(view)) keys.add(chunk * this.#groups + group);
    }
    return keys;
  }

  #groupsOf(view: VisibleWindow): Set<number> {
    return new Set(view.columns.map((column) => Math.floor(column / WINDOW_COLUMNS)));
  }

  *#missing(view: VisibleWindow, rows: number): Generator<WindowAsk> {
    const pending = new Set([...this.#inFlight].flatMap((ask) => ask.keys));
    const wantedEnd = Math.min(rows, view.endRow + OVERSCAN_ROWS);
    for (const chunk of wantedChunks(view, rows)) {
      const start = chunk * WINDOW_ROWS;
      const end = Math.min(rows, start + WINDOW_ROWS);
      const byStart = new Map<number, number[]>();
      for (const group of this.#groupsOf(view)) {
        const key = chunk * this.#groups + group;
        const block = this.#blocks.get(key);
        if (block) this.#touch(key, block);
        const until = block?.until ?? start;
        if (until >= Math.min(end, wantedEnd) || pending.has(key) || this.#failed.has(key))
          continue;
        byStart.set(until, [...(byStart.get(until) ?? []), key]);
      }
      for (const [firstRow, keys] of byStart) {
        yield { firstRow, rows: end - firstRow, columns: this.#columnsOf(keys), keys };
      }
    }
  }

  #columnsOf(keys: readonly number[]): number[] {
    return keys.flatMap((key) => {
      const from = (key % this.#groups) * WINDOW_COLUMNS;
      const length = Math.min(WINDOW_COLUMNS, this.#columns - from);
      return Array.from({ length }, (_, i) => from + i);
    });
  }

  #touch(key: number, block: Block<T>): void {
    this.#blocks.delete(key);
    this.#blocks.set(key, block);
  }

  #evict(): void {
    for (const [key, block] of this.#blocks) {
      const over = this.#blocks.size > this.#limits.blocks || this.#bytes > this.#limits.bytes;
      // The last one is the answer that just came: dropping it would ask for it for ever.
      if (!over || this.#blocks.size === 1) return;
      this.#blocks.delete(key);
      this.#bytes -= block.bytes;
    }
  }
}

/** Chunks of the visible rows first, then the ones that scrolling reaches next. */
function wantedChunks(view: VisibleWindow, rows: number): Set<number> {
  const chunks = new Set<number>();
  const add = (from: number, to: number): void => {
    const end = Math.min(rows, to);
    for (let row = Math.max(0, from); row < end; row += WINDOW_ROWS) {
      chunks.add(Math.floor(row / WINDOW_ROWS));
    }
    if (end > Math.max(0, from)) chunks.add(Math.floor((end - 1) / WINDOW_ROWS));
  };
  if (view.endRow <= view.firstRow) return chunks;
  add(view.firstRow, view.endRow);
  add(view.endRow, view.endRow + OVERSCAN_ROWS);
  add(view.firstRow - OVERSCAN_ROWS, view.firstRow);
  return chunks;
}
