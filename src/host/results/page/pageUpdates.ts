import type { HostMessage, ResultTab } from '../../../shared/protocol.ts';
import type { ViewSnapshot } from '../../../shared/resultView.ts';
import { firstRows } from '../firstRows.ts';
import type { Result } from '../result.ts';
import type { PageParts, Shown } from './pageParts.ts';

/** A page is told of changes at most this often: rows can come a hundred times a second. */
const SHOW_INTERVAL_MS = 100;

type Parts = Pick<PageParts, 'results' | 'views' | 'saves' | 'history'>;

/** What a page is told, and when: the whole of its state again and again, and messages in an order that it can use. */
export class PageUpdates {
  readonly #parts: Parts;
  readonly #shown: () => Shown;
  readonly #send: (message: HostMessage) => void;
  readonly #disposed = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** Whose first rows are being read. */
  #reading: Result | undefined;
  /** The page has said so; what it is told before may be lost. */
  #isReady = false;
  /** Posted before the page was ready or knew of the rows that it is about. */
  readonly #held: HostMessage[] = [];
  #told: { id: string | undefined; view: string; rows: number; at: number } = {
    id: undefined,
    view: '',
    rows: 0,
    at: 0,
  };

  constructor(parts: Parts, shown: () => Shown, send: (message: HostMessage) => void) {
    this.#parts = parts;
    this.#shown = shown;
    this.#send = send;
  }

  /** The page listens. */
  ready(): void {
    this.#isReady = true;
    this.showNow();
    this.#postHeld();
  }

  post(message: HostMessage): void {
    if (this.#isReady && !this.#reading) this.#send(message);
    // The whole state follows anyhow.
    else if (message.type !== 'show') this.#held.push(message);
  }

  /** Tells the page the whole of its state. */
  showNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { views, saves, history } = this.#parts;
    const { result, tabs } = this.#shown();
    const saving = result && saves.textOf(result.id);
    const statistics = result && history.statisticsOf(result);
    const view = result && views.snapshotOf(result);
    const snapshot = result && {
      ...result.snapshot(),
      ...(saving !== undefined && { saving }),
      ...(view && { view }),
      ...(statistics && { statistics }),
    };
    this.#told = {
      id: snapshot?.id,
      view: viewKey(view),
      rows: snapshot?.rows ?? 0,
      at: Date.now(),
    };
    this.post({
      type: 'show',
      result: snapshot ?? null,
      ...(tabs && { tabs: tabs.map((tab) => this.#tab(tab)) }),
    });
    if (result && this.#isReady) views.resume(result);
  }

  /** The end, the first rows and another result are told at once, other growth in steps. */
  showSoon(changed: Result): void {
    if (changed === this.#reading) return;
    const { id, view, rows, at } = this.#told;
    const hasFirstRows = rows === 0 && changed.snapshot().rows > 0;
    if (hasFirstRows && changed === this.#shown().result) {
      void this.#showFirst(changed);
      return;
    }
    const changedView = this.#parts.views.snapshotOf(changed);
    const isNews = changed.id !== id || viewKey(changedView) !== view || hasFirstRows;
    const isLast = !changed.isRunning && changedView?.working === undefined;
    const wait = isNews || isLast ? 0 : at + SHOW_INTERVAL_MS - Date.now();
    if (wait <= 0) {
      this.showNow();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.showNow();
    }, wait);
  }

  dispose(): void {
    this.#disposed.abort();
    clearTimeout(this.#timer);
  }

  async #showFirst(result: Result): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reading = result;
    const message = await firstRows(result, this.#disposed.signal);
    this.#reading = undefined;
    if (this.#disposed.signal.aborted) return;
    if (message) this.post(message);
    this.showNow();
    this.#postHeld();
  }

  #postHeld(): void {
    for (const message of this.#held.splice(0)) this.post(message);
  }

  #tab(result: Result): ResultTab {
    const { id, title, source, state, complete, columns } = result.snapshot();
    const kind = columns.length === 0 ? 'message' : 'rows';
    return { id, title, source, state, complete, kind, pinned: this.#parts.results.isPinned(id) };
  }
}

/** What of a view is told at once. */
const viewKey = (view: ViewSnapshot | undefined): string =>
  view === undefined ? '' : JSON.stringify([view.id, view.working?.view, view.problem]);
