import type { HostMessage, WebviewMessage } from '../src/shared/protocol.ts';

export type WindowAnswer = Extract<HostMessage, { type: 'window' }>;

export interface WindowQuery {
  resultId: string;
  firstRow: number;
  rows: number;
  columns: number[];
}

/** A window that did not come. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** ms; a host that is alive answers in milliseconds. */
const TIMEOUT_MS = 30_000;

interface Waiting {
  resolve: (answer: WindowAnswer) => void;
  reject: (error: Error) => void;
}

/** Requests to the host: each has an id and ends in an answer, an error, a time-out or an abort. */
export class Requests {
  readonly #post: (message: WebviewMessage) => void;
  readonly #timeoutMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(post: (message: WebviewMessage) => void, timeoutMs = TIMEOUT_MS) {
    this.#post = post;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @throws RequestError when the host failed or did not answer in time
   * @throws the signal's reason when the answer is not wanted any more; the host is told
   */
  window(query: WindowQuery, signal: AbortSignal): Promise<WindowAnswer> {
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
      const timer = setTimeout(() => {
        abandon(new RequestError(`No answer within ${this.#timeoutMs / 1000} s.`));
      }, this.#timeoutMs);
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(requestId);
      };
      signal.addEventListener('abort', onAbort);
      this.#waiting.set(requestId, {
        resolve: (answer) => {
          settle();
          resolve(answer);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      this.#post({ type: 'window', requestId, ...query });
    });
  }

  /** Takes the host's answer; one that nobody waits for any more is dropped. */
  answer(message: Extract<HostMessage, { type: 'window' | 'failed' }>): void {
    const waiting = this.#waiting.get(message.requestId);
    if (message.type === 'window') waiting?.resolve(message);
    else waiting?.reject(new RequestError(message.message));
  }
}
