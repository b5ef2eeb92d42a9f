import type { HostMessage, WebviewMessage } from '../../../shared/protocol.ts';
import { Charts } from '../../charts/charts.ts';
import { copyCells } from '../copyCells.ts';
import type { Result } from '../result.ts';
import { rowsAreGone } from '../resultRows.ts';
import { askEngine, type AskOfTable } from '../view/askEngine.ts';
import type { RowsInView } from '../view/rowsInView.ts';
import { viewProblem } from '../view/viewProblem.ts';
import type { PageParts } from './pageParts.ts';

/** Messages of the page that are answered. */
export type Question = Extract<WebviewMessage, { requestId: number; resultId: string }>;

type Parts = Pick<PageParts, 'results' | 'views' | 'connections'>;

/** Answers what a page asks about rows: each question ends in one answer, or was abandoned. */
export class PageQuestions {
  readonly #parts: Parts;
  readonly #post: (message: HostMessage) => void;
  readonly #charts: Charts;
  readonly #running = new Map<number, AbortController>();

  constructor(parts: Parts, post: (message: HostMessage) => void) {
    this.#parts = parts;
    this.#post = post;
    this.#charts = new Charts(parts.connections, parts.views);
  }

  async answer(question: Question): Promise<void> {
    const { requestId, resultId } = question;
    const result = this.#parts.results.byId(resultId);
    if (!result) {
      this.#post({ type: 'failed', requestId, message: 'This result is gone.' });
      return;
    }
    const abort = new AbortController();
    this.#running.set(requestId, abort);
    try {
      const answer = await this.#find(question, result, abort.signal);
      if (!abort.signal.aborted) this.#post(answer);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#post({ type: 'failed', requestId, ...viewProblem(error) });
    } finally {
      // A page that was made anew counts from 1 again.
      if (this.#running.get(requestId) === abort) this.#running.delete(requestId);
    }
  }

  /** The answer is not wanted any more. */
  abandon(requestId: number): void {
    this.#running.get(requestId)?.abort();
  }

  abandonAll(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  async #find(question: Question, result: Result, signal: AbortSignal): Promise<HostMessage> {
    const { requestId } = question;
    // A chart says itself what it lacks.
    if (question.type === 'chart') {
      return this.#charts.answer(result, question, signal, this.#post);
    }
    const rows = this.#rows(result, question.view);
    const ask = <T>(what: AskOfTable<T>): Promise<T> => {
      const { connections } = this.#parts;
      return askEngine(
        { requestId, result, shown: rows, connections, signal, tell: this.#post },
        what,
      );
    };
    switch (question.type) {
      case 'window': {
        const { firstRow } = question;
        const { ipc, cut } = await rows.readWindow(question, signal);
        return { type: 'window', requestId, firstRow, ipc, ...(cut.length > 0 && { cut }) };
      }
      case 'copyAs':
        return copyCells(result.snapshot(), rows, question, signal, this.#post);
      case 'find': {
        const { findRows } = await import('../../../core/arrow/spool/view/findRows.ts');
        const found = await ask((table, engine, request) =>
          findRows(table, question.search, engine, request),
        );
        return { type: 'found', requestId, ...found };
      }
      case 'columnStatistics': {
        const { columnStatistics } = await import('../../../core/arrow/spool/view/statistics.ts');
        const statistics = await ask((table, engine, request) =>
          columnStatistics(table, question.column, engine, request),
        );
        return { type: 'columnStatistics', requestId, statistics };
      }
      case 'sumCells': {
        const { engineState } = this.#parts.connections;
        const isOff = engineState === 'stopped' || engineState === 'missing';
        if (isOff && !question.start) return { type: 'cellSums', requestId };
        const { cellSums } = await import('../../../core/arrow/spool/view/cellSums.ts');
        const sums = await ask((table, engine, request) =>
          cellSums(table, question, engine, request),
        );
        return { type: 'cellSums', requestId, sums };
      }
    }
  }

  /** @throws UsageError when others are shown meanwhile */
  #rows(result: Result, view: string | undefined): RowsInView {
    const rows = this.#parts.views.byId(result, view);
    if (!rows) throw rowsAreGone();
    return rows;
  }
}
