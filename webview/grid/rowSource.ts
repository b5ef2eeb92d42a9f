import type { ResultColumn } from '../../src/shared/columns.ts';
import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import type { Requests, WindowAnswer, WindowQuery } from '../requests.ts';
import { markCut } from './cutCells.ts';
import { decodeWindow, type CellReader, type DecodedWindow } from './decodeWindow.ts';
import type { Cell, CellSource } from './frame.ts';
import { columnInZone, withPlainTimes } from './timeDisplay.ts';
import { WindowCache, type VisibleWindow, type WindowAsk } from './windowCache.ts';

export interface SourceOptions {
  resultId: string;
  columns: readonly ResultColumn[];
  /** What the texts depend on. */
  context: ReadContext;
  requests: Requests;
  onArrived: () => void;
  /** Windows cannot be read: told once until `retry`. */
  onFailed: (message: string) => void;
}

interface RowQuery {
  firstRow: number;
  rows: number;
  columns: number[];
}

/** The cells of one result: what the page holds of it, and the requests for what it does not hold. */
export class RowSource implements CellSource {
  readonly #options: SourceOptions;
  #cache: WindowCache<CellReader>;
  /** As they are read: their times may be shown in another zone. */
  #columns: readonly ResultColumn[];
  #context: ReadContext;
  readonly #running = new Map<WindowAsk, AbortController>();
  readonly #disposed = new AbortController();
  #failed = false;
  #view: VisibleWindow = { firstRow: 0, endRow: 0, columns: [] };
  #rows = 0;
  /** Which rows of the result these are; undefined: those that the host shows. */
  #rowsId: string | undefined;

  constructor(options: SourceOptions) {
    this.#options = options;
    this.#columns = options.columns;
    this.#context = options.context;
    this.#cache = new WindowCache(options.columns.length);
  }

  /** Shows times in this zone; undefined: as the server prints them. What is here is read again. */
  setZone(timeZone: string | undefined): void {
    const { columns, context } = this.#options;
    this.#context = timeZone === undefined ? context : withPlainTimes(context);
    this.#columns =
      timeZone === undefined ? columns : columns.map((column) => columnInZone(column, timeZone));
    this.#forget();
    this.show(this.#view, this.#rows);
  }

  /** Other rows, or the same in another order; nothing is asked for before they are shown. */
  setRows(rowsId: string | undefined): void {
    this.#rowsId = rowsId;
    this.#failed = false;
    this.#view = { firstRow: 0, endRow: 0, columns: [] };
    this.#forget();
  }

  #forget(): void {
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
    this.#cache = new WindowCache(this.#options.columns.length);
  }

  /** For requests that are about the same rows. */
  get view(): { view?: string } {
    return this.#rowsId === undefined ? {} : { view: this.#rowsId };
  }

  cell(row: number, column: number): Cell | undefined {
    const found = this.#cache.find(row, column);
    return found?.value(found.row);
  }

  /** Asks for what is on screen and missing; requests for what left the screen are abandoned. */
  show(view: VisibleWindow, rows: number): void {
    this.#view = view;
    this.#rows = rows;
    const { ask, abandon } = this.#cache.plan(view, rows);
    for (const old of abandon) {
      this.#running.get(old)?.abort();
      this.#running.delete(old);
    }
    for (const next of ask) void this.#load(next);
  }

  retry(): void {
    this.#failed = false;
    this.#cache.retry();
    this.show(this.#view, this.#rows);
  }

  /** Rows past the cache, for adding up. The answer may have fewer rows than asked, at least one. */
  async read(
    firstRow: number,
    rows: number,
    columns: number[],
    signal: AbortSignal,
  ): Promise<DecodedWindow> {
    const both = AbortSignal.any([signal, this.#disposed.signal]);
    return await this.#fetch({ firstRow, rows, columns }, both);
  }

  dispose(): void {
    this.#disposed.abort();
    for (const running of this.#running.values()) running.abort();
    this.#running.clear();
  }

  async #fetch(query: RowQuery, signal: AbortSignal): Promise<DecodedWindow & { bytes: number }> {
    const columns = this.#columns;
    const answer = await this.#options.requests.window(this.#queryOf(query), signal);
    return this.#decode(query, answer, columns);
  }

  #queryOf({ firstRow, rows, columns }: RowQuery): WindowQuery {
    return { resultId: this.#options.resultId, firstRow, rows, columns, ...this.view };
  }

  #decode(
    query: RowQuery,
    answer: WindowAnswer,
    columns: readonly ResultColumn[],
  ): DecodedWindow & { bytes: number } {
    const { firstRow, rows } = query;
    const asked = query.columns.flatMap((i) => columns[i] ?? []);
    const decoded = decodeWindow(answer.ipc, asked, this.#context);
    if (answer.firstRow !== firstRow || decoded.rows > rows || decoded.rows === 0) {
      throw new RangeError(
        `Asked for ${rows} rows from ${firstRow}, got ${decoded.rows} from ${answer.firstRow}.`,
      );
    }
    const texts = this.#withOwnTexts(decoded.readers, columns, query.columns, answer.ipc);
    const readers = markCut(texts, query.columns, firstRow, answer.cut ?? []);
    return { rows: decoded.rows, readers, bytes: answer.ipc.byteLength };
  }

  /** Where times are shown in another zone: what is searched is the text in their own. */
  #withOwnTexts(
    readers: readonly CellReader[],
    shown: readonly ResultColumn[],
    indexes: readonly number[],
    ipc: Uint8Array,
  ): readonly CellReader[] {
    const { columns, context } = this.#options;
    if (shown === columns) return readers;
    let own: CellReader[] | undefined;
    const ownText = (at: number, row: number): string => {
      const asked = indexes.flatMap((i) => columns[i] ?? []);
      own ??= decodeWindow(ipc, asked, context).readers;
      return own[at]?.(row).text ?? '';
    };
    return readers.map((reader, at) => {
      const index = indexes[at] ?? -1;
      if (shown[index] === columns[index]) return reader;
      return (row) => ({ ...reader(row), ownText: () => ownText(at, row) });
    });
  }

  async #load(ask: WindowAsk): Promise<void> {
    const abort = new AbortController();
    const cache = this.#cache;
    this.#running.set(ask, abort);
    try {
      const offered = this.#options.requests.offered(this.#queryOf(ask));
      // What is here is in the cache at once, before a frame is drawn without it.
      const { rows, readers, bytes } = offered
        ? this.#decode(ask, offered, this.#columns)
        : await this.#fetch(ask, abort.signal);
      cache.accept(ask, rows, readers, bytes);
      this.#options.onArrived();
    } catch (error) {
      // Abandoned requests are the cache's own doing; every other error is shown, whatever it is.
      if (cache.fail(ask) && cache === this.#cache && !this.#failed) {
        this.#failed = true;
        this.#options.onFailed(error instanceof Error ? error.message : String(error));
      }
    } finally {
      this.#running.delete(ask);
      if (!this.#disposed.signal.aborted) this.show(this.#view, this.#rows);
    }
  }
}
