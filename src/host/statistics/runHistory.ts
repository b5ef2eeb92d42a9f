import * as vscode from 'vscode';
import { isRowhouseError, UsageError } from '../../core/client/errors.ts';
import type { QueryLogEntry } from '../../core/statistics/queryLog.ts';
import { tellingEvents } from '../../shared/profileEvents.ts';
import type { RunStatistics } from '../../shared/runStatistics.ts';
import type { Connections } from '../connections/connections.ts';
import type { DocumentLife } from '../editor/documentLife.ts';
import type { Result } from '../results/result.ts';
import type { Results } from '../results/results.ts';
import { endOf, recordOf, type RunRecord } from './runRecord.ts';

/** Runs that a window remembers: their figures, never their rows. */
const KEPT = 200;

interface Looking {
  readonly entry: Promise<QueryLogEntry>;
  readonly abort: AbortController;
}

/** The runs of this window that have ended, and what the servers' query logs say about them. */
export class RunHistory implements vscode.Disposable {
  /** Fires with the id of a result about whose run more is known. */
  readonly onDidChange: vscode.Event<string>;
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #connections: Connections;
  readonly #records = new Map<string, RunRecord>();
  readonly #looking = new Map<string, Looking>();
  readonly #subscriptions: vscode.Disposable;

  constructor(results: Results, connections: Connections, life: DocumentLife) {
    this.onDidChange = this.#changed.event;
    this.#connections = connections;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      results.onDidChange((result) => {
        if (!result.isRunning) this.#keep(result);
      }),
      life.onDidMove(({ from, to }) => {
        for (const record of this.#records.values()) {
          if (record.uri === from.toString()) record.uri = to.toString();
        }
      }),
    );
  }

  /** The runs of a statement's text in one document, the latest first. */
  runsOf({ uri, statement }: RunRecord): RunRecord[] {
    return [...this.#records.values()]
      .filter((record) => record.uri === uri && record.statement === statement)
      .toSorted((a, b) => b.statistics.startedAt - a.statistics.startedAt);
  }

  byId(id: string): RunRecord | undefined {
    return this.#records.get(id);
  }

  /** The run of a result; undefined while it runs, and when nothing ran on a server. */
  recordFor(result: Result): RunRecord | undefined {
    return this.#records.get(result.id) ?? this.#keep(result);
  }

  /** The run of the same statement before this one. */
  previousOf(record: RunRecord): RunRecord | undefined {
    const runs = this.runsOf(record);
    return runs[runs.indexOf(record) + 1];
  }

  /** What is known of a result's run, with what the query log said; undefined when it is not over. */
  statisticsOf(result: Result): RunStatistics | undefined {
    const record = this.#records.get(result.id);
    if (!record) return result.snapshot().statistics;
    const { statistics, entry, look } = record;
    return {
      ...statistics,
      ...(entry && { figures: entry.figures }),
      ...(look && { log: look }),
      comparable: this.previousOf(record) !== undefined,
    };
  }

  /**
   * The card of a result is on screen: the log is asked once, without questions to the user. Not for results of before
   * the window was loaded again, whose server nobody may be connected to.
   */
  shown(id: string): void {
    const record = this.#records.get(id);
    if (!record || record.look || record.entry) return;
    void this.lookUp(record, { ask: false }).catch(() => {
      // The card tells.
    });
  }

  /**
   * The row of a run in its server's `system.query_log`; waits until it is written.
   * @throws UsageError when there is none or it may not be read; what `Connections.client` throws
   */
  async lookUp(record: RunRecord, { ask = true } = {}): Promise<QueryLogEntry> {
    if (record.entry) return record.entry;
    const known = this.#looking.get(record.id);
    if (known) return known.entry;
    const abort = new AbortController();
    const entry = this.#lookUp(record, ask, abort.signal).finally(() => {
      this.#looking.delete(record.id);
      this.#changed.fire(record.id);
    });
    this.#looking.set(record.id, { entry, abort });
    record.look = { state: 'waiting' };
    this.#changed.fire(record.id);
    return entry;
  }

  dispose(): void {
    for (const { abort } of this.#looking.values()) abort.abort();
    this.#subscriptions.dispose();
  }

  async #lookUp(record: RunRecord, ask: boolean, signal: AbortSignal): Promise<QueryLogEntry> {
    try {
      const [{ findInQueryLog }, { missingText }] = await Promise.all([
        import('../../core/statistics/queryLog.ts'),
        import('./missingText.ts'),
      ]);
      const client = await this.#connections.client(record.connection.id, { ask });
      const { queryId, statistics } = record;
      const query = { queryId, startedAt: statistics.startedAt, endedAt: endOf(record) };
      const answer = await findInQueryLog(client, query, signal);
      if (answer.state !== 'found') {
        const { message, hint } = missingText(answer.state);
        throw new UsageError(message, { hint, queryId });
      }
      record.entry = answer.entry;
      record.look = { state: 'found', events: tellingEvents(answer.entry.events) };
      return answer.entry;
    } catch (error) {
      record.look = { state: 'failed', message: textOf(error) };
      throw error;
    }
  }

  #keep(result: Result): RunRecord | undefined {
    if (this.#records.has(result.id)) return this.#records.get(result.id);
    const record = recordOf(result);
    if (!record) return undefined;
    this.#records.set(record.id, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > KEPT && oldest !== undefined) this.#records.delete(oldest);
    return record;
  }
}

function textOf(error: unknown): string {
  if (!isRowhouseError(error)) return String(error);
  return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
}
