import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { onSend, type SentOn } from './socketReuse.ts';

export interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable | AsyncIterable<Uint8Array> | null;
  /** Milliseconds without a byte until the request fails; 0 means no limit. */
  readonly idleTimeoutMs: number;
}

export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Takes the bytes of a body. After `end` or `error` nothing follows. A chunk may be overwritten once `data`
 * returns: whoever keeps bytes keeps a copy.
 */
export interface BodyReceiver {
  /** False asks the source to pause until `resume()`; what was handed over counts as taken. */
  data(chunk: Buffer): boolean;
  end(): void;
  error(error: Error): void;
}

/** Bytes that arrive by themselves once started. */
export interface BodySource {
  /** Starts delivery; to be called once. */
  start(receiver: BodyReceiver): void;
  resume(): void;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: BodySource;
}

export interface Exchange {
  /** Resolves at the end of the header block; the body waits until it is started. */
  readonly reply: Promise<HttpReply>;
  /** False while the request waits for a free connection: the server knows nothing of it. */
  readonly sent: boolean;
  /** Resolves when nothing more will come, for whatever reason. */
  readonly finished: Promise<void>;
  /** The connection it went out on; undefined before that. */
  readonly sentOn: SentOn | undefined;
  /** Ends the exchange by destroying its connection; `reply` or the receiver gets `reason`. */
  destroy(reason: Error): void;
}

/**
 * One HTTP request and its reply. Bytes go from the parser to the receiver by plain calls: a stream
 * layer between them costs up to twice the time of a large transfer.
 */
export function exchange(dispatcher: Dispatcher, request: HttpRequest): Exchange {
  const handler = new ExchangeHandler(request.path);
  try {
    dispatcher.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: 'POST',
        headers: request.headers,
        body: request.body as Readable,
        headersTimeout: request.idleTimeoutMs,
        bodyTimeout: request.idleTimeoutMs,
      },
      handler,
    );
  } catch (error) {
    handler.fail(error instanceof Error ? error : new Error(String(error)));
  }
  return handler;
}

class ExchangeHandler implements Dispatcher.DispatchHandler, Exchange, BodySource {
  readonly reply: Promise<HttpReply>;
  readonly finished: Promise<void>;
  sent = false;
  sentOn: SentOn | undefined;
  #settle: () => void = () => undefined;
  #resolve: (reply: HttpReply) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #receiver: BodyReceiver | undefined;
  #failure: Error | undefined;
  #finished = false;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.finished = new Promise((resolve) => {
      this.#settle = resolve;
    });
    // The caller may be gone (cancelled) before the reply fails; that is no unhandled rejection.
    this.reply.catch(() => undefined);
  }

  start(receiver: BodyReceiver): void {
    this.#receiver = receiver;
    if (this.#failure !== undefined) receiver.error(this.#failure);
    else if (this.#finished) receiver.end();
    else this.#controller?.resume();
  }

  resume(): void {
    this.#controller?.resume();
  }

  destroy(reason: Error): void {
    if (this.#finished) return;
    this.#controller?.abort(reason);
    this.fail(reason);
  }

  fail(error: Error): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#failure = error;
    this.#settle();
    this.#reject(error);
    this.#receiver?.error(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#failure !== undefined) {
      controller.abort(this.#failure);
      return;
    }
    this.sent = true;
    onSend(this.#path, (sentOn) => {
      this.sentOn = sentOn;
    });
  }

  onRequestUpgrade(): void {
    this.fail(new Error('The server tried to switch protocols.'));
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: HttpHeaders,
  ): void {
    if (status < 200) return;
    controller.pause();
    this.sentOn?.lendMemory(true);
    this.#resolve({ status, headers, body: this });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    // The parser gives an empty chunk when it goes on after a pause.
    if (this.#finished || chunk.length === 0) return;
    if (this.#receiver?.data(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.sentOn?.lendMemory(false);
    if (this.#finished) return;
    this.#finished = true;
    this.#settle();
    this.#receiver?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }
}
