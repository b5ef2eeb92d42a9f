import type { Attempt } from './attempt.ts';
import { BodyCheck, type Finding, type InFormatErrors } from './bodyCheck.ts';
import { createDecoder, decoded, inspected, isDecodable } from './decode.ts';
import {
  type ClickHouseError,
  isCancelledError,
  ProtocolError,
  ResultTooLargeError,
  type RowhouseError,
  SuspectedTruncationError,
  UsageError,
} from './errors.ts';
import type { BodySource, HttpReply } from './exchange.ts';
import type { ProgressPoller } from './progress.ts';
import { serverEra } from './serverEra.ts';
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
  /** What the request said about exceptions inside JSON and XML results. */
  readonly inFormatErrors: InFormatErrors;
  /** Asked when a body ends doubtfully; undefined when the server does not say. Never throws. */
  readonly serverVersion: () => Promise<string | undefined>;
  /** Called once: with undefined at the verified end, else with the error. */
  readonly onEnd: (error: RowhouseError | undefined) => void;
}

/**
 * Takes the bytes of a result. `write` returns false to pause until `resume()`. A chunk may be
 * overwritten once `write` returns.
 */
export interface ByteSink {
  write(chunk: Buffer): boolean;
  /** Gets the data decoded, where compressed bytes go to `write` as they came and Node can decode them. */
  inspect?(data: Buffer): void;
}

/** No error text is longer, compressed: the server cuts it at 16 KiB. It is the end of what was sent. */
const UNSEEN_ERROR_BYTES = 64 * 1024;

/** A statement that the server accepted and whose body is to be read, once. */
export class Execution {
  readonly meta: ReplyMeta;
  readonly queryId: string;
  readonly #attempt: Attempt;
  readonly #reply: HttpReply;
  readonly #context: ExecutionContext;
  #source: BodySource | undefined;
  #dataBytes = 0;
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
      const { contentEncoding } = this.meta;
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
        this.#dataBytes = bytes;
        return sink.write(chunk);
      };
      const check = new BodyCheck(
        this.meta.exceptionTag,
        this.meta.format,
        this.#context.inFormatErrors,
      );
      const toError = (text: string): ClickHouseError =>
        serverError(text, {
          queryId: this.queryId,
          phase: 'body',
          httpStatus: this.meta.httpStatus,
          bytesReceived: bytes,
          ambiguous: this.#context.writes,
        });
      /** Data at an orderly end: what the checker held back, then the verdict. */
      const end = (emit: boolean): void => {
        const finding = check.atEnd();
        if (finding !== undefined && finding.plausible === undefined) {
          finish(toError(finding.text));
          return;
        }
        const rest = check.flush();
        if (rest !== undefined) {
          if (emit) write(rest);
          else sink.inspect?.(rest);
        }
        if (finding === undefined) finish(undefined);
        else void this.#judge(finding, bytes, toError(finding.text)).then(finish);
      };
      const cut = (error: Error): void => {
        const text = check.atCut();
        // A cancel that arrives after the exception stays a cancel.
        fail(text === undefined || isCancelledError(error) ? error : toError(text));
      };
      const coding = contentEncoding ?? 'identity';
      const raw: BodySource = {
        start: (receiver) => {
          this.#attempt.start(this.#reply, receiver);
        },
        resume: () => {
          this.#reply.body.resume();
        },
      };
      try {
        if (!this.#context.passthrough || coding === 'identity') {
          this.#source = decoded(framed(raw, this.#reply), createDecoder(contentEncoding));
          this.#source.start({
            data: (chunk) => {
              const data = check.push(chunk);
              return data === undefined || write(data);
            },
            end: () => {
              end(true);
            },
            error: cut,
          });
          return;
        }
        const source = framed(raw, this.#reply);
        // Codings that Node lacks: the server breaks the body's framing when the query fails.
        const decoder = isDecodable(coding) ? createDecoder(coding) : undefined;
        this.#source =
          decoder === undefined
            ? source
            : inspected(
                source,
                decoder,
                (chunk) => {
                  const data = check.push(chunk);
                  if (data !== undefined) sink.inspect?.(data);
                },
                (seen) => {
                  if (check.onlyData) this.#dataBytes = seen;
                },
              );
        this.#source.start({
          data: (chunk) => {
            bytes += chunk.length;
            if (decoder === undefined) this.#dataBytes = Math.max(0, bytes - UNSEEN_ERROR_BYTES);
            return sink.write(chunk);
          },
          end: () => {
            end(false);
          },
          error: cut,
        });
      } catch (error) {
        fail(error);
      }
    });
  }

  resume(): void {
    this.#source?.resume();
  }

  /**
   * After a failure: how many of the bytes handed over hold certainly nothing but data. A compressed
   * body has the server's error text compressed with the data.
   */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** The whole body in memory. @throws ResultTooLargeError beyond `maxBytes`, and what `deliver` throws. */
  async collect(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const received = { bytes: 0 };
    const delivery = this.deliver({
      write: (chunk) => {
        received.bytes += chunk.length;
        if (received.bytes <= maxBytes) {
          chunks.push(Buffer.from(chunk));
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

  /** The error for a doubtful end of a body, or undefined when this server would not have written it. */
  async #judge(
    finding: Finding,
    bytes: number,
    suspected: ClickHouseError,
  ): Promise<RowhouseError | undefined> {
    const version = await this.#context.serverVersion();
    const era = version === undefined ? undefined : serverEra(version);
    // A tagged server would have sent a tag: behind a balancer another, older one may have answered this time.
    const isKnown = era !== undefined && (!era.tagged || this.meta.exceptionTag !== undefined);
    if (isKnown && finding.plausible?.(era) === false) return undefined;
    return new SuspectedTruncationError(bytes, suspected, {
      queryId: this.queryId,
      ambiguous: this.#context.writes,
    });
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

/** A body that ends with its connection cannot be told from a cut one. */
function framed(source: BodySource, reply: HttpReply): BodySource {
  if ('transfer-encoding' in reply.headers || 'content-length' in reply.headers) return source;
  return {
    start: (receiver) => {
      source.start({
        ...receiver,
        end: () => {
          receiver.error(
            new ProtocolError(
              'The reply does not say how long it is, so it may not be whole.',
              reply.status,
              { hint: 'Look for a proxy between this machine and the server.' },
            ),
          );
        },
      });
    },
    resume: () => {
      source.resume();
    },
  };
}
