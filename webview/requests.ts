import type { ColumnStatistics } from '../src/shared/columnStatistics.ts';
import type { HostMessage, WebviewMessage } from '../src/shared/protocol.ts';
import type { ViewProblem } from '../src/shared/resultView.ts';

export type WindowAnswer = Pick<
  Extract<HostMessage, { type: 'window' }>,
  'firstRow' | 'ipc' | 'cut'
>;
export type FirstRows = Extract<HostMessage, { type: 'firstRows' }>;
export type CopyAnswer = Extract<HostMessage, { type: 'copied' }>;
export type FoundAnswer = Extract<HostMessage, { type: 'found' }>;
export type SumsAnswer = Extract<HostMessage, { type: 'cellSums' }>;
export type ChartAnswer = Extract<HostMessage, { type: 'chart' | 'noChart' }>;
export type Answer =
  | Extract<
      HostMessage,
      {
        type:
          | 'window'
          | 'copied'
          | 'copying'
          | 'found'
          | 'columnStatistics'
          | 'cellSums'
          | 'working'
          | 'charting'
          | 'failed';
      }
    >
  | ChartAnswer;

type Query<T extends WebviewMessage['type']> = Omit<
  Extract<WebviewMessage, { type: T }>,
  'type' | 'requestId'
>;
export type WindowQuery = Query<'window'>;
export type CopyQuery = Query<'copyAs'>;
export type FindQuery = Query<'find'>;
export type SumsQuery = Query<'sumCells'>;
export type StatisticsQuery = Query<'columnStatistics'>;
export type ChartQuery = Query<'chart'>;

/** A request that the host did not fulfil. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  /** What the user can do next. */
  readonly problem: ViewProblem;

  constructor(message: string, problem: Partial<ViewProblem> = {}) {
    super(message);
    this.problem = { message, actions: [], ...problem };
  }
}

/** ms; a host that is alive answers in milliseconds, or says how far it is. */
const TIMEOUT_MS = 30_000;

interface Waiting {
  answer: (answer: Answer) => void;
}

/** Requests to the host: each has an id and ends in an answer, an error, a time-out or an abort. */
export class Requests {
  readonly #post: (message: WebviewMessage) => void;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #firstRows: FirstRows | undefined;

  constructor(post: (message: WebviewMessage) => void, timeoutMs = TIMEOUT_MS) {
    this.#post = post;
    this.#timeoutMs = timeoutMs;
  }

  /** Keeps what the host sent unasked for the request that will want it. */
  offer(firstRows: FirstRows): void {
    this.#firstRows = firstRows;
  }

  /** What the host sent unasked, when it is the answer; it is given once. */
  offered(query: WindowQuery): WindowAnswer | undefined {
    const offered = this.#firstRows;
    if (!offered || !isFor(offered, query)) return undefined;
    this.#firstRows = undefined;
    return { ...offered, firstRow: 0 };
  }

  /**
   * @throws RequestError when the host failed or did not answer in time
   * @throws the signal's reason when the answer is not wanted any more; the host is told
   */
  window(query: WindowQuery, signal: AbortSignal): Promise<WindowAnswer> {
    return this.#ask(
      (requestId) => ({ type: 'window', requestId, ...query }),
      (answer) => (answer.type === 'window' ? answer : undefined),
      signal,
    );
  }

  /** @param onProgress cells so far @throws as {@link window} */
  copy(
    query: CopyQuery,
    signal: AbortSignal,
    onProgress: (cells: number) => void,
  ): Promise<CopyAnswer> {
    return this.#ask(
      (requestId) => ({ type: 'copyAs', requestId, ...query }),
      (answer) => {
        if (answer.type === 'copying') onProgress(answer.cells);
        return answer.type === 'copied' ? answer : undefined;
      },
      signal,
    );
  }

  /** @param onProgress 0 to 1 @throws as {@link window} */
  find(
    query: FindQuery,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<FoundAnswer> {
    return this.#ask(
      (requestId) => ({ type: 'find', requestId, ...query }),
      (answer) => {
        if (answer.type === 'working') onProgress(answer.fraction);
        return answer.type === 'found' ? answer : undefined;
      },
      signal,
    );
  }

  /** @param onProgress 0 to 1 @throws as {@link window} */
  statistics(
    query: StatisticsQuery,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<ColumnStatistics> {
    return this.#ask(
      (requestId) => ({ type: 'columnStatistics', requestId, ...query }),
      (answer) => {
        if (answer.type === 'working') onProgress(answer.fraction);
        return answer.type === 'columnStatistics' ? answer.statistics : undefined;
      },
      signal,
    );
  }

  /** @param onProgress 0 to 1 @throws as {@link window} */
  sums(
    query: SumsQuery,
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ): Promise<SumsAnswer> {
    return this.#ask(
      (requestId) => ({ type: 'sumCells', requestId, ...query }),
      (answer) => {
        if (answer.type === 'working') onProgress(answer.fraction);
        return answer.type === 'cellSums' ? answer : undefined;
      },
      signal,
    );
  }

  /** @param onProgress rows read so far @throws as {@link window} */
  chart(
    query: ChartQuery,
    signal: AbortSignal,
    onProgress: (readRows: number) => void,
  ): Promise<ChartAnswer> {
    return this.#ask(
      (requestId) => ({ type: 'chart', requestId, ...query }),
      (answer) => {
        if (answer.type === 'charting') onProgress(answer.readRows);
        return answer.type === 'chart' || answer.type === 'noChart' ? answer : undefined;
      },
      signal,
    );
  }

  /** Takes the host's answer; one that nobody waits for any more is dropped. */
  answer(message: Answer): void {
    this.#waiting.get(message.requestId)?.answer(message);
  }

  /** @param take gives the result once the answer is the last one */
  #ask<T>(
    make: (requestId: number) => WebviewMessage,
    take: (answer: Answer) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    signal.throwIfAborted();
    const requestId = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const abandon = (error: Error): void => {
        settle();
        this.#post({ type: 'abandon', requestId });
        reject(error);
      };
      const onAbort = (): void => {
        abandon(signal.reason instanceof Error ? signal.reason : new RequestError('Abandoned.'));
      };
      const onTimeout = (): void => {
        abandon(new RequestError(`No answer within ${this.#timeoutMs / 1000} s.`));
      };
      let timer = setTimeout(onTimeout, this.#timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(requestId);
      };
      signal.addEventListener('abort', onAbort);
      this.#waiting.set(requestId, {
        answer: (answer) => {
          if (answer.type === 'failed') {
            settle();
            const { message, hint, actions = [] } = answer;
            reject(new RequestError(message, { actions, ...(hint !== undefined && { hint }) }));
            return;
          }
          const result = take(answer);
          if (result === undefined) {
            clearTimeout(timer);
            timer = setTimeout(onTimeout, this.#timeoutMs);
            return;
          }
          settle();
          resolve(result);
        },
      });
      this.#post(make(requestId));
    });
  }
}

function isFor(
  offered: FirstRows,
  { resultId, firstRow, rows, columns, whole = false, view }: WindowQuery,
): boolean {
  return (
    view === undefined &&
    !whole &&
    firstRow === 0 &&
    resultId === offered.resultId &&
    rows >= offered.rows &&
    columns.length === offered.columns.length &&
    columns.every((column, i) => column === offered.columns[i])
  );
}
