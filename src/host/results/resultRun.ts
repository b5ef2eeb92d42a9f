import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type * as vscode from 'vscode';
import { isCancelledError, isRowhouseError, isSessionLostError } from '../../core/client/errors.ts';
import type { CancelOutcome } from '../../core/client/cancelSurface.ts';
import type { Client, QueryProgress, ReservedSession, Session } from '../../core/client/surface.ts';
import type { LoadedResult, LoadOptions } from '../../core/arrow/spool/loadResult.ts';
import type { WindowPart } from '../../core/arrow/spool/spool.ts';
import { rowsStillComing, type SpoolTable } from '../../core/arrow/spool/spoolTable.ts';
import { returnsRows } from '../../core/sql/statementKind.ts';
import type { ResultSnapshot, RunState, ShownAction, ShownError } from '../../shared/protocol.ts';
import type { RowBeside } from '../../shared/rowBeside.ts';
import { errorMessage } from '../errors/errorParts.ts';
import { waitingText } from '../session/sessionTexts.ts';
import { commandMessage } from './commandMessage.ts';
import type { Result, WindowQuery } from './result.ts';
import { titleOf } from './resultTitle.ts';
import { resultActions } from './resultActions.ts';
import { ResultRows, rowsAreGone } from './resultRows.ts';
import { RunMeter } from '../statistics/runMeter.ts';
import type { FileRun, RunOptions, RunServices } from './runOptions.ts';
import { fileLimitText, limitText } from './withinDisk.ts';
import { arrowCompressionFor, gridSettingsOf, serverZonesOf } from './gridSettings.ts';
import { stopText, tellStop } from './stopText.ts';

/** Where rows come from, and whose values they are. */
interface LoadFrom extends Pick<
  LoadOptions,
  'source' | 'sql' | 'request' | 'signal' | 'sessionSettings'
> {
  readonly client: Client;
}

/** One statement on its way from the server to the screen. It owns the query, its rows and their file. */
export class ResultRun implements Result {
  readonly id = randomUUID();
  readonly options: RunOptions;
  /** Settles when the run is over, however it ended; never rejects. */
  readonly done: Promise<void>;
  error: unknown;
  stopping: Promise<CancelOutcome> | undefined;
  readonly #onChange: (run: ResultRun) => void;
  readonly #abort = new AbortController();
  readonly #started = Date.now();
  #ended: number | undefined;
  #state: RunState = 'waiting';
  #rows = 0;
  #bytes = 0;
  readonly #meter = new RunMeter();
  #complete = false;
  #message: string | undefined;
  #notice: string | undefined;
  #shownError: ShownError | undefined;
  #actions: ShownAction[] = [];
  #held: ResultRows | undefined;
  #limit: string | undefined;
  #beside: RowBeside[] = [];
  #queryId: string = randomUUID();
  readonly #title: string;
  #uri: vscode.Uri;
  /** False while it waits for its connection or its session. */
  #wasSent = false;

  constructor(options: RunOptions, onChange: (run: ResultRun) => void) {
    this.options = options;
    this.#title = titleOf(options.statement.sql);
    this.#uri = options.statement.uri;
    this.#onChange = onChange;
    this.done = this.#run();
  }

  get uri(): vscode.Uri {
    return this.#uri;
  }

  get file(): string | undefined {
    return this.#held?.file;
  }

  moveTo(uri: vscode.Uri): void {
    this.#uri = uri;
  }

  get isRunning(): boolean {
    return this.#ended === undefined;
  }

  cancel(): void {
    if (!this.isRunning || this.#abort.signal.aborted) return;
    this.#state = 'cancelling';
    this.#changed();
    this.#abort.abort();
  }

  async readWindow(window: WindowQuery, signal: AbortSignal): Promise<WindowPart> {
    if (!this.#held) throw rowsAreGone();
    return this.#held.readWindow(window, signal);
  }

  async openTable(engine: Client): Promise<SpoolTable> {
    if (this.isRunning) throw rowsStillComing();
    if (!this.#held) throw rowsAreGone();
    return this.#held.openTable(engine);
  }

  async dispose(): Promise<void> {
    this.#abort.abort();
    await this.done;
    const held = this.#held;
    this.#held = undefined;
    await held?.dispose();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.done;
    await this.#held?.close();
  }

  snapshot(): ResultSnapshot {
    const { connection } = this.options;
    const progress = this.isRunning ? this.#meter.progress : undefined;
    const statistics = this.isRunning ? undefined : this.#meter.statistics(this.#queryId);
    const { timeZone = 'UTC', tables = [], textSettings = [] } = this.#held?.texts ?? {};
    return {
      id: this.id,
      title: this.#title,
      source: path.posix.basename(this.#uri.path),
      connection: connection.name,
      state: this.#state,
      columns: this.#held?.columns ?? [],
      rows: this.#rows,
      bytes: this.#bytes,
      ...(progress && { progress }),
      ...(statistics && { statistics }),
      elapsedMs: (this.#ended ?? Date.now()) - this.#started,
      complete: this.#complete,
      ...(this.#message !== undefined && { message: this.#message }),
      ...(this.#notice !== undefined && { notice: this.#notice }),
      ...(this.#shownError && { error: this.#shownError }),
      ...(this.#limit !== undefined && { limit: this.#limit }),
      ...(this.#beside.length > 0 && { beside: this.#beside }),
      actions: this.#actions,
      timeZone,
      ...(tables.length > 0 && { zones: tables }),
      ...(textSettings.length > 0 && { textSettings: [...textSettings] }),
      queryId: this.#queryId,
    };
  }

  async #run(): Promise<void> {
    // The caller must hold the run before its first event.
    await Promise.resolve();
    try {
      const services = await this.#connect();
      this.#notice = services.notice;
      this.#abort.signal.throwIfAborted();
      const session = await this.#takeTurn(services.session);
      try {
        await this.#execute({ ...services, session });
      } finally {
        session.release();
      }
      this.#state = 'done';
      this.#complete = this.#limit === undefined;
    } catch (error) {
      await this.#fail(error);
    } finally {
      this.#ended = Date.now();
      this.#changed();
    }
  }

  async #connect(): Promise<RunServices> {
    this.#message = `Connecting to ${this.options.connection.name}…`;
    this.#changed();
    try {
      return await this.options.connect(this.#abort.signal);
    } finally {
      this.#message = undefined;
    }
  }

  /**
   * A statement behind another one, or behind a save, must not look as if it ran; and nothing may come between
   * its own requests.
   */
  async #takeTurn(session: Session): Promise<ReservedSession> {
    try {
      return await session.reserve({
        sql: this.options.statement.sql,
        queryId: this.#queryId,
        signal: this.#abort.signal,
        onAhead: (ahead) => {
          this.#message = waitingText(ahead);
          this.#changed();
        },
      });
    } finally {
      this.#message = undefined;
    }
  }

  async #execute(services: RunServices): Promise<void> {
    const { client, session } = services;
    this.#wasSent = true;
    if (!this.#abort.signal.aborted) this.#state = 'running';
    this.#changed();
    const { statement, params, limits } = this.options;
    const { signal } = this.#abort;
    const request = {
      queryId: this.#queryId,
      params,
      onProgress: (progress: QueryProgress): void => {
        this.#meter.see(progress);
        this.#changed();
      },
    };
    if (await this.#moveByFile(services)) return;
    const { sql } = statement;
    this.#meter.sent(client);
    if (!returnsRows(statement.kind)) {
      const result = await session.command(sql, { ...request, signal });
      this.#queryId = result.queryId;
      this.#meter.replied(result.meta.summary);
      this.#meter.receivedBytes = result.summary.bytes;
      this.#message = commandMessage(statement, result);
      return;
    }
    const { settings: sessionSettings } = session.holds;
    const from = { client, source: session, sql, sessionSettings };
    const result = await this.#load({ ...from, request, signal });
    this.#meter.receivedBytes = result.summary?.bytes;
    this.#held ??= new ResultRows(result.spool, result.columns, result);
    this.#beside = result.beside;
    if (result.limited) {
      this.#limit = limitText(result.spool.rows, result.limited, limits);
      const isFull = result.limited.by === 'bytes' && limits.isByDisk;
      this.#actions = isFull ? [] : [{ id: 'rowhouse.fetchAll', title: 'Fetch all' }];
      void result.limited.outcome
        ?.then((told) => {
          if (told.outcome === 'stillRunning') this.#tell(stopText(told));
        })
        .catch(() => undefined);
      return;
    }
    if (!result.complete) throw result.error;
  }

  async #load({ client, ...what }: LoadFrom): Promise<LoadedResult> {
    const { loadResult } = await import('../../core/arrow/spool/loadResult.ts');
    const { spoolPath, limits } = this.options;
    return loadResult({
      ...what,
      spoolPath,
      gridSettings: gridSettingsOf(client),
      zones: serverZonesOf(client),
      compression: arrowCompressionFor(client),
      limits,
      onMeta: (meta) => {
        this.#queryId = meta.queryId;
      },
      onColumns: (columns, texts, spool) => {
        this.#held = new ResultRows(spool, columns, texts);
        this.#changed();
      },
      onGrow: (rows, bytes) => {
        this.#rows = rows;
        this.#bytes = bytes;
        this.#changed();
      },
    });
  }

  /** True when all is done: the statement's rows went to a file, or came from one. */
  async #moveByFile(services: RunServices): Promise<boolean> {
    const { params, intoFile } = this.options;
    const run = await intoFile(services, {
      params,
      signal: this.#abort.signal,
      onProgress: (saved, read) => {
        this.#bytes = saved?.bytes ?? 0;
        if (read) this.#meter.see(read);
        this.#changed();
      },
    });
    if (!run) return false;
    const { receipt } = run;
    if (receipt) this.#meter.sent(services.client);
    this.#message = run.message;
    this.#bytes = 0;
    await this.#showFile(run);
    // What was asked of the file is nobody's statement.
    if (receipt) this.#queryId = receipt.queryId;
    return true;
  }

  /** Shows what a file holds. It is whole by now, so a failure to show it is told and no more. */
  async #showFile({ rows: ways, receipt }: FileRun): Promise<void> {
    for (const { client, source, sql, settings } of ways) {
      const { signal } = this.#abort;
      const result = await this.#load({ client, source, sql, request: { settings }, signal }).catch(
        () => undefined,
      );
      const isAll = result?.complete === true && !result.limited;
      const expected = sql === '' ? undefined : receipt?.rows;
      if (result?.limited)
        this.#limit = fileLimitText(result.spool.rows, result.limited, this.options.limits);
      if (result?.limited || (isAll && (expected ?? result.spool.rows) === result.spool.rows)) {
        this.#held ??= new ResultRows(result.spool, result.columns, result);
        return;
      }
      await this.#dropRows(result);
      if (signal.aborted) {
        this.#message = `${this.#message ?? ''}. Showing its rows was cancelled.`;
        return;
      }
    }
    if (ways.length > 0)
      this.#message = `${this.#message ?? ''}. The file could not be read to show its rows.`;
  }

  async #dropRows(result: LoadedResult | undefined): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    this.#rows = 0;
    this.#bytes = 0;
    await held?.dispose();
    if (!held) await result?.spool.dispose();
    this.#changed();
  }

  async #fail(error: unknown): Promise<void> {
    this.error = error;
    if (isRowhouseError(error)) this.#queryId = error.queryId ?? this.#queryId;
    if (this.#abort.signal.aborted) {
      if (isSessionLostError(error)) this.options.unseen(error);
      this.#cancelled(error);
      return;
    }
    this.#state = 'failed';
    this.#shownError = await this.options.explain(error);
    this.#actions = resultActions(error, this.options.connection.kind === 'server');
  }

  #cancelled(error: unknown): void {
    this.#state = 'cancelled';
    if (!this.#wasSent || (isCancelledError(error) && !error.wasSent)) {
      this.#message = 'Cancelled before it was sent.';
    } else if (isCancelledError(error)) {
      this.stopping = error.gone;
      void tellStop(error, (text) => {
        this.#tell(text);
      });
    } else {
      this.#message = `Cancelled. It had failed by then: ${errorMessage(error)}`;
    }
  }

  #tell(message: string): void {
    this.#message = message;
    this.#changed();
  }

  #changed(): void {
    this.#onChange(this);
  }
}
