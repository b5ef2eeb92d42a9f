import type { Attempt } from './attempt.ts';
import { createDecoder, decoded, inspected, isDecodable } from './decode.ts';
import { isCancelledError, ResultTooLargeError, type RowhouseError, UsageError } from './errors.ts';
import { ExceptionScanner } from './exceptionScanner.ts';
import type { BodyReceiver, BodySource, HttpReply } from './exchange.ts';
import type { ProgressPoller } from './progress.ts';
import { serverError } from './serverError.ts';
import type { ReplyMeta, Summary } from './surface.ts';

export interface ExecutionContext {
  readonly meta: ReplyMeta;
  readonly writes: boolean;
  /** True: compressed bytes go to the caller as they came. */
  readonly passthrough: boolean;
  /** `performance.now()` of the call. */
  readonly started: number;
  readonly progress: ProgressPoller | undefined;
  /** Called once: with undefined at the verified end, else with the error. */
  readonly onEnd: (error: RowhouseError | undefined) => void;
}

/** Takes the bytes of a result. `write` returns false to pause until `resume()`. */
export interface ByteSink {
  write(chunk: Buffer): boolean;
}

/** A statement that the server accepted and whose body is to be read, once. */
export class Execution {
  readonly meta: ReplyMeta;
  readonly queryId: string;
  readonly #attempt: Attempt;
  readonly #reply: HttpReply;
  readonly #context: ExecutionContext;
  #source: BodySource | undefined;
  #used = false;
  #over = false;

  constructor(attempt: Attempt, reply: HttpReply, context: ExecutionContext) {
    this.meta = context.meta;
    this.queryId = attempt.queryId;
    this.#attempt = attempt;
    this.#reply = reply;
    this.#context = context;
  }

  /**
   * Hands the body over; resolves at its verified end. After `write` returned false, `resume()` goes on.
   * @throws RowhouseError: the server's exception inside the body, a cut body, a cancel.
   */
  deliver(sink: ByteSink): Promise<Summary> {
    if (this.#used) throw new UsageError('The result was already read.');
    this.#used = true;
    return new Promise((resolve, reject) => {
      const { exceptionTag, contentEncoding } = this.meta;
      let bytes = 0;
      const finish = (error: RowhouseError | undefined): void => {
        if (this.#over) return;
        this.#over = true;
        this.#context.progress?.stop();
        this.#attempt.finish();
        this.#context.onEnd(error);
        if (error === undefined) resolve(this.#summary(bytes));
        else reject(error);
      };
      const fail = (error: unknown): void => {
        finish(this.#attempt.fail(error, true, bytes));
      };
      const write = (chunk: Buffer): boolean => {
        bytes += chunk.length;
        return sink.write(chunk);
      };
      const scanner = exceptionTag === undefined ? undefined : new ExceptionScanner(exceptionTag);
      const toError = (text: string): RowhouseError =>
        serverError(text, {
          queryId: this.queryId,
          phase: 'body',
          httpStatus: this.meta.httpStatus,
          bytesReceived: bytes,
          ambiguous: this.#context.writes,
        });
      const plain: BodyReceiver = {
        data: write,
        end: () => {
          finish(undefined);
        },
        error: fail,
      };
      const raw: BodySource = {
        start: (receiver) => {
          this.#attempt.start(this.#reply, receiver);
        },
        resume: () => {
          this.#reply.body.resume();
        },
      };
      try {
        const coding = contentEncoding ?? 'identity';
        if (!this.#context.passthrough || coding === 'identity') {
          this.#source = decoded(raw, createDecoder(contentEncoding));
          this.#source.start(
            scanner === undefined ? plain : scanned(scanner, plain, write, toError),
          );
          return;
        }
        const decoder = isDecodable(coding) ? createDecoder(coding) : undefined;
        if (scanner === undefined || decoder === undefined) {
          // Codings that Node lacks: the server breaks the body's framing when the query fails.
          this.#source = raw;
          raw.start(plain);
          return;
        }
        this.#source = inspected(raw, decoder, (chunk) => {
          scanner.push(chunk);
        });
        this.#source.start(scanned(scanner, plain, undefined, toError));
      } catch (error) {
        fail(error);
      }
    });
  }

  resume(): void {
    this.#source?.resume();
  }

  /** The whole body in memory. @throws ResultTooLargeError beyond `maxBytes`, and what `deliver` throws. */
  async collect(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const received = { bytes: 0 };
    const delivery = this.deliver({
      write: (chunk) => {
        received.bytes += chunk.length;
        if (received.bytes <= maxBytes) {
          chunks.push(chunk);
        } else {
          chunks.length = 0;
          this.abort('The result is too large.');
        }
        return true;
      },
    });
    try {
      await delivery;
    } catch (error) {
      if (received.bytes <= maxBytes) throw error;
      throw new ResultTooLargeError(maxBytes, { queryId: this.queryId, cause: error });
    }
    if (received.bytes > maxBytes) {
      throw new ResultTooLargeError(maxBytes, { queryId: this.queryId });
    }
    return Buffer.concat(chunks);
  }

  /** Cancels the statement; delivery fails with `CancelledError`. Does nothing after the end. */
  abort(message: string): void {
    if (this.#over) return;
    this.#attempt.cancel(message);
    // Nobody reads: drain, so that the connection gets free.
    if (!this.#used) this.deliver({ write: () => true }).catch(() => undefined);
  }

  /** Numbers at the end; `bytes` as counted by whoever collected them. */
  #summary(bytes: number): Summary {
    return {
      queryId: this.queryId,
      bytes,
      ms: performance.now() - this.#context.started,
      server: this.meta.summary,
      progress: this.#context.progress?.last,
    };
  }
}

/**
 * Takes the server's exception out of the bytes; a body with one fails, however it ended. Without `write`
 * the scanner is fed elsewhere, and the bytes pass as they are.
 */
function scanned(
  scanner: ExceptionScanner,
  receiver: BodyReceiver,
  write: ((chunk: Buffer) => boolean) | undefined,
  toError: (text: string) => RowhouseError,
): BodyReceiver {
  return {
    data: (chunk) => {
      if (write === undefined) return receiver.data(chunk);
      const data = scanner.push(chunk);
      return data === undefined || write(data);
    },
    end: () => {
      const message = scanner.message();
      if (message !== undefined) {
        receiver.error(toError(message));
        return;
      }
      const rest = scanner.flush();
      if (rest !== undefined) write?.(rest);
      receiver.end();
    },
    error: (error) => {
      const message = scanner.message();
      // A cancel that arrives after the exception stays a cancel.
      const cancelled = isCancelledError(error);
      receiver.error(message === undefined || cancelled ? error : toError(message));
    },
  };
}
