import type { Attempt } from './attempt.ts';
import { createDecoder, decoded } from './decode.ts';
import { ResultTooLargeError, type RowhouseError, UsageError } from './errors.ts';
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

/** Takes the bytes of a result. `write` returns false to pause; then `drained` must be called later. */
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
      const compressed = contentEncoding !== undefined && contentEncoding !== 'identity';
      const scanner =
        exceptionTag === undefined || (compressed && this.#context.passthrough)
          ? undefined
          : new ExceptionScanner(exceptionTag);
      try {
        const decoder = this.#context.passthrough ? undefined : createDecoder(contentEncoding);
        const raw: BodySource = {
          start: (receiver) => {
            this.#attempt.start(this.#reply, receiver);
          },
          resume: () => {
            this.#reply.body.resume();
          },
        };
        this.#source = decoded(raw, decoder);
      } catch (error) {
        fail(error);
        return;
      }
      this.#source.start(
        scanner === undefined
          ? {
              data: write,
              end: () => {
                finish(undefined);
              },
              error: fail,
            }
          : scanned(scanner, write, finish, fail, (text) =>
              serverError(text, {
                queryId: this.queryId,
                phase: 'body',
                httpStatus: this.meta.httpStatus,
                bytesReceived: bytes,
                ambiguous: this.#context.writes,
              }),
            ),
      );
    });
  }

  resume(): void {
    this.#source?.resume();
  }

  /** The whole body in memory. @throws ResultTooLargeError beyond `maxBytes`, and what `deliver` throws. */
  async collect(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tooLarge = false;
    const delivery = this.deliver({
      write: (chunk) => {
        bytes += chunk.length;
        if (bytes <= maxBytes) chunks.push(chunk);
        else if (!tooLarge) {
          tooLarge = true;
          chunks.length = 0;
          this.abort('The result is too large.');
        }
        return true;
      },
    });
    try {
      await delivery;
    } catch (error) {
      if (tooLarge) throw new ResultTooLargeError(maxBytes, { queryId: this.queryId });
      throw error;
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

/** Takes the server's exception out of the bytes; a body with one fails, however it ended. */
function scanned(
  scanner: ExceptionScanner,
  write: (chunk: Buffer) => boolean,
  finish: (error: RowhouseError | undefined) => void,
  fail: (error: unknown) => void,
  toError: (text: string) => RowhouseError,
): BodyReceiver {
  return {
    data: (chunk) => {
      const data = scanner.push(chunk);
      return data === undefined || write(data);
    },
    end: () => {
      const message = scanner.message();
      const rest = scanner.flush();
      if (rest !== undefined) write(rest);
      finish(message === undefined ? undefined : toError(message));
    },
    error: (error) => {
      const message = scanner.message();
      if (message === undefined) fail(error);
      else finish(toError(message));
    },
  };
}
