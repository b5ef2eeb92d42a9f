import type { Dispatcher } from 'undici';
import { delay, onAbort } from './abort.ts';
import { type Ask, cancelQuery, toldByCluster, untilGone } from './cancel.ts';
import type { QueryCluster } from './cluster/stopParts.ts';
import { CancelledError, type RowhouseError } from './errors.ts';
import {
  type BodyReceiver,
  exchange,
  type Exchange,
  type HttpReply,
  type HttpRequest,
} from './exchange.ts';
import { failedReply, isFailure } from './failedReply.ts';
import { transportError } from './transportError.ts';
import type { CancelOutcome } from './cancelSurface.ts';
import type { Tunnel } from './connectionSurface.ts';

export interface AttemptContext {
  readonly url: string;
  /** URL of the proxy on the way. */
  readonly proxy: string | undefined;
  readonly tunnel: Tunnel | undefined;
  readonly queryId: string;
  readonly writes: boolean;
  readonly uploads: boolean;
  /** False for control statements: nobody kills the killer. */
  readonly killable: boolean;
  readonly ask: Ask;
  readonly cluster: QueryCluster | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onCancel: () => void;
}

/** How long a cancelled reply may still end by itself, which keeps its connection usable. */
const GRACE_MS = 1_500;
/** A person who cancels hears within two seconds whether the query has stopped. */
const STOP_WAIT_MS = 1_500;
/** How long parts on other nodes of a cluster are watched when they do not end. */
const PARTS_WAIT_MS = 600_000;
const DISCARD: BodyReceiver = {
  data: () => true,
  end: () => undefined,
  error: () => undefined,
};

/**
 * One request and its reply, with cancel: the caller is told at once, then the query is killed on the
 * server over a control connection, and the reply is drained so that connection and session get free.
 */
export class Attempt {
  readonly queryId: string;
  /** Resolves when the exchange is over and the server no longer runs the query. */
  readonly released: Promise<void>;
  readonly #context: AttemptContext;
  readonly #exchange: Exchange;
  readonly #stopListening: () => void;
  #cancelled: CancelledError | undefined;
  #reportCancel: (error: CancelledError) => void = () => undefined;
  #over = false;
  #stopping = false;
  #release: () => void = () => undefined;
  #started = false;

  constructor(dispatcher: Dispatcher, request: HttpRequest, context: AttemptContext) {
    this.#context = context;
    this.queryId = context.queryId;
    this.released = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.#exchange = exchange(dispatcher, request);
    this.#stopListening = onAbort(context.signal, () => {
      this.cancel('The query was cancelled.');
    });
  }

  /** True when its connection had served a request before. */
  get reusedConnection(): boolean {
    return this.#exchange.sentOn?.reused === true;
  }

  /** False while it waits for a connection: the server knows nothing of it. */
  get sent(): boolean {
    return this.#exchange.sent;
  }

  /** True when bytes of a reply had come. */
  get answerStarted(): boolean {
    return this.#exchange.sentOn?.answerStarted() === true;
  }

  /** The reply of a statement that succeeded so far. @throws RowhouseError */
  async reply(): Promise<HttpReply> {
    const cancelled = new Promise<never>((_resolve, reject) => {
      this.#reportCancel = reject;
      if (this.#cancelled !== undefined) reject(this.#cancelled);
    });
    try {
      const reply = await Promise.race([this.#exchange.reply, cancelled]);
      if (!isFailure(reply)) return reply;
      this.#started = true;
      throw await Promise.race([failedReply(reply, this.#context), cancelled]);
    } catch (error) {
      throw this.fail(error, false, 0);
    }
  }

  /** Starts the body of a reply; `error` gets typed errors only, a cancel included. */
  start(reply: HttpReply, receiver: BodyReceiver): void {
    this.#started = true;
    let bytes = 0;
    let over = false;
    const once = (action: () => void): void => {
      if (over) return;
      over = true;
      action();
    };
    this.#reportCancel = (error) => {
      once(() => {
        receiver.error(error);
      });
      // A paused reply would never end by itself.
      reply.body.resume();
    };
    if (this.#cancelled !== undefined) this.#reportCancel(this.#cancelled);
    reply.body.start({
      data: (chunk) => {
        if (over) return true;
        bytes += chunk.length;
        return receiver.data(chunk);
      },
      end: () => {
        once(() => {
          receiver.end();
        });
      },
      error: (error) => {
        once(() => {
          receiver.error(this.fail(error, true, bytes));
        });
      },
    });
  }

  /** The statement ended, well or with an error of the server. What is being stopped ends later. */
  finish(): void {
    if (this.#cancelled === undefined && !this.#stopping) this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopListening();
    this.#release();
  }

  /** The typed error for a failure; ends the attempt. */
  fail(error: unknown, gotHeaders: boolean, bytesReceived: number): RowhouseError {
    const { url, proxy, tunnel, queryId, writes } = this.#context;
    const typed = transportError(error, {
      url,
      queryId,
      writes,
      proxy,
      tunnelProblem: tunnel?.problem?.(),
      sent: this.#exchange.sent,
      gotHeaders,
      bytesReceived,
    });
    if (this.#cancelled !== undefined) return typed;
    const mayStillRun =
      this.#context.killable &&
      this.#exchange.sent &&
      (typed.kind === 'truncatedResponse' ||
        typed.kind === 'timeout' ||
        (typed.kind === 'protocol' && gotHeaders));
    this.#exchange.destroy(typed);
    if (mayStillRun) void this.#stopThenEnd();
    else this.finish();
    return typed;
  }

  /** Ends a request whose host does not answer any more; `reply` throws the error. */
  giveUp(error: RowhouseError): void {
    if (!this.#over && this.#cancelled === undefined) this.#exchange.destroy(error);
  }

  /** Stops the statement: the caller hears at once, the server is told in the background. */
  cancel(message: string): void {
    if (this.#over || this.#cancelled !== undefined) return;
    this.#stopListening();
    const { queryId, writes, uploads } = this.#context;
    const sent = this.#exchange.sent && this.#context.killable;
    this.#context.onCancel();
    const outcome: Promise<CancelOutcome> = sent
      ? this.#windDown()
      : Promise.resolve({ outcome: 'notFound', elapsedMs: 0 });
    const left = sent ? this.#untilLeft(outcome) : outcome;
    // The server cannot be asked: whoever comes next will see.
    void left
      .catch(() => undefined)
      .then(() => {
        this.#end();
      });
    const gone = sent ? this.#untilGone(outcome, left) : outcome;
    const error = new CancelledError(message, outcome, {
      gone,
      queryId,
      wasSent: this.#exchange.sent,
      ambiguous: writes && sent,
      hint: writes && sent ? 'Part of the data may have been written.' : undefined,
    });
    this.#cancelled = error;
    if (!sent || uploads) this.#exchange.destroy(error);
    this.#reportCancel(error);
  }

  async #windDown(): Promise<CancelOutcome> {
    const outcome = this.#stopOnServer();
    // Awaited further down; until then a failure has to count as handled.
    outcome.catch(() => undefined);
    void this.#exchange.reply
      .then((reply) => {
        if (!this.#started) reply.body.start(DISCARD);
      })
      .catch(() => undefined);
    const ended = new AbortController();
    void this.#exchange.finished.then(() => {
      ended.abort();
    });
    await delay(GRACE_MS, ended.signal);
    this.#exchange.destroy(new Error('cancelled'));
    return outcome;
  }

  async #stopThenEnd(): Promise<void> {
    this.#stopping = true;
    try {
      await this.#stopOnServer();
    } catch {
      // The server cannot be asked any more; the error that led here says why.
    } finally {
      this.#end();
    }
  }

  #stopOnServer(): Promise<CancelOutcome> {
    let pending = true;
    void this.#exchange.finished.then(() => {
      pending = false;
    });
    const options = { waitMs: STOP_WAIT_MS };
    const { ask, cluster } = this.#context;
    return cancelQuery(ask, this.queryId, options, () => pending, cluster);
  }

  /** A session stays locked until its query is gone, so its next statement has to wait for that. */
  async #untilLeft(outcome: Promise<CancelOutcome>): Promise<CancelOutcome> {
    const started = performance.now();
    const told = await outcome;
    if (told.outcome === 'stopped' || told.outcome === 'unverified') return told;
    await untilGone(this.#context.ask, this.queryId);
    if (told.outcome === 'notFound') return told;
    return { outcome: 'stopped', elapsedMs: performance.now() - started };
  }

  /** Parts on other nodes of the cluster may outlast the query on its own server; they hold no session. */
  async #untilGone(
    outcome: Promise<CancelOutcome>,
    left: Promise<CancelOutcome>,
  ): Promise<CancelOutcome> {
    const [told, leaving] = await Promise.all([outcome, left]);
    if (told.outcome !== 'stillRunning') return told;
    const { ask, cluster } = this.#context;
    const options = { waitMs: PARTS_WAIT_MS };
    return toldByCluster(ask, this.queryId, leaving, cluster, options);
  }
}
