import {
  UsageError,
  isClickHouseError,
  isSessionLostError,
  type SessionLostError,
} from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';
import { mayDestroy } from '../connections/mayDestroy.ts';
import { type Connections, LOCAL_CONNECTION } from '../connections/connections.ts';
import type { SpoolLimits } from '../../core/arrow/spool/spoolWriter.ts';
import { roomOnDisk } from '../results/diskRoom.ts';
import { diskLimit, resultLimits } from '../results/limits.ts';
import type { ResultFolder } from '../results/resultFolder.ts';
import { ResultRun } from '../results/resultRun.ts';
import type { FileRunRequest, RunServices } from '../results/runOptions.ts';
import type { Results, StartOptions } from '../results/results.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { ResultViews } from '../results/view/resultViews.ts';
import { withinDisk } from '../results/withinDisk.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import type { EditorStatement } from './currentStatement.ts';
import type { DocumentSessions } from '../session/documentSessions.ts';
import type { ErrorMarks } from './errorMarks.ts';
import { explainFailure } from './explainFailure.ts';
import { mayReplace } from './mayReplace.ts';
import { askParameters, parametersOfSession } from './parameters.ts';

export interface RunnerParts {
  connections: Connections;
  sessions: DocumentSessions;
  results: Results;
  views: ResultViews;
  view: ResultsView;
  marks: ErrorMarks;
  folder: ResultFolder;
  /** The files that are being written. */
  running: RunningSaves;
}

/** How one run differs from that of a single statement. */
export interface RunChoice extends StartOptions {
  /** Default: the user's settings. */
  limits?: SpoolLimits;
  /** Default true: asks before a statement that destroys on a connection marked as production. */
  confirm?: boolean;
}

/** Runs statements of editors in their documents' sessions and shows what comes. */
function changedConnection(name: string): UsageError {
  const hint = 'Run it again to use the connection that was chosen.';
  return new UsageError(
    `The editor's connection was ${name} when the statement was started and is another one now. Nothing was sent.`,
    { hint },
  );
}

export class Runner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /**
   * Runs one statement and waits for its end. Failures are shown in the results view and at the statement,
   * and are in the run's `error`. Returns undefined when the user gave no value for a parameter, or would not
   * let go of a statement that still writes.
   */
  async run(
    statement: EditorStatement,
    params?: Readonly<Record<string, unknown>>,
    { limits, confirm = true, ...place }: RunChoice = {},
  ): Promise<ResultRun | undefined> {
    const { sessions, results, views, view, marks, connections, folder, running } = this.#parts;
    const { uri, sql } = statement;
    const held = sessions.peek(uri)?.holds.statements ?? [];
    const isAdded = place.adds === true || place.replaces !== undefined;
    const then = isAdded ? 'cancel' : await mayReplace(results.replacedIn(uri));
    if (then === undefined) return undefined;
    const connection = connections.forDocument(uri);
    if (confirm && !(await mayDestroy(connection, sql))) return undefined;
    const known = params ?? (connection.kind === 'gone' ? {} : undefined);
    const values = known ?? (await askParameters(sql, parametersOfSession(held)));
    if (!values) return undefined;
    marks.clear(uri);
    const spoolPath = await folder.newFile();
    const options = {
      statement,
      connection,
      limits: withinDisk(limits ?? resultLimits(uri), () =>
        roomOnDisk(diskLimit(), run, results, views),
      ),
      spoolPath,
      // The document may get another name before the engine is up.
      connect: async (signal: AbortSignal) => {
        const opened = await sessions.open(run.uri, signal);
        // What was asked about one connection must not run on another, chosen while a question or a replay was on.
        if (opened.connection !== connection.id) throw changedConnection(connection.name);
        return opened;
      },
      explain: (error: unknown) => {
        if (isSessionLostError(error)) sessions.lossSeen(run.uri, error);
        return explainFailure(error, connection, connections);
      },
      unseen: (error: SessionLostError) => {
        sessions.lossUnseen(run.uri, connection.id, error);
      },
      intoFile: async (services: RunServices, request: FileRunRequest) => {
        const engine = (): Promise<Client> => connections.client(LOCAL_CONNECTION);
        const place = { sql, uri: run.uri, connection: connection.name, engine };
        const { runIntoFile } = await import('./intoFile.ts');
        return runIntoFile(place, services, request, running);
      },
      params: values,
    };
    const run: ResultRun = results.start(
      (onChange) => new ResultRun(options, onChange),
      then === 'wait' ? { adds: true } : place,
    );
    void view.reveal();
    await run.done;
    await this.#mark(statement, run);
    return run;
  }

  /**
   * Runs statements one after the other, with a result for each; stops at the first that fails or is cancelled, or
   * whose result the user closes.
   */
  async runAll(statements: readonly EditorStatement[]): Promise<void> {
    for (const [i, statement] of statements.entries()) {
      const run = await this.run(statement, undefined, { adds: i > 0 });
      if (!run || run.error !== undefined) return;
    }
  }

  async #mark(statement: EditorStatement, { error }: ResultRun): Promise<void> {
    // Who may not sign in has made no mistake in the statement.
    if (!isClickHouseError(error) || error.kind === 'auth') return;
    const name = error.errorName ?? '';
    await this.#parts.marks.show(statement, error.message, `${error.code} ${name}`.trim());
  }
}
