import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type * as vscode from 'vscode';
import { isClickHouseError } from '../../core/client/errors.ts';
import type { Connections } from '../connections/connections.ts';
import type { ResultRun, RunServices } from '../results/resultRun.ts';
import type { Results } from '../results/results.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { SpoolFolder } from '../results/spoolFolder.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import type { EditorStatement } from './currentStatement.ts';
import type { DocumentSessions } from './documentSessions.ts';
import type { ErrorMarks } from './errorMarks.ts';
import { explainFailure } from './explainFailure.ts';
import { runIntoFile } from './intoFile.ts';
import { lostText } from './lostText.ts';
import { mayReplace } from './mayReplace.ts';
import { askParameters, parametersOfSession } from './parameters.ts';

export interface RunnerParts {
  connections: Connections;
  sessions: DocumentSessions;
  results: Results;
  view: ResultsView;
  marks: ErrorMarks;
  spoolFolder: SpoolFolder;
  /** The files that are being written. */
  running: RunningSaves;
}

/** Runs statements of editors in their documents' sessions and shows what comes. */
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
  ): Promise<ResultRun | undefined> {
    const { sessions, results, view, marks, connections, spoolFolder, running } = this.#parts;
    const { uri, sql } = statement;
    const held = sessions.peek(uri)?.holds.statements ?? [];
    if (!(await mayReplace(results.of(uri)))) return undefined;
    const values = params ?? (await askParameters(sql, parametersOfSession(held)));
    if (!values) return undefined;
    marks.clear(uri);
    const folder = await spoolFolder.path();
    const connection = connections.forDocument(uri);
    const run: ResultRun = results.start({
      statement,
      connection,
      spoolPath: path.join(folder, `${randomUUID()}.arrows`),
      // The document may get another name before the engine is up.
      connect: () => this.#connect(run.uri),
      explain: (error) => explainFailure(error, connection, connections),
      intoFile: (services, request) =>
        runIntoFile({ sql, uri: run.uri, connection: connection.name }, services, request, running),
      params: values,
    });
    void view.reveal();
    await run.done;
    this.#mark(statement, run);
    return run;
  }

  /** Runs statements one after the other; stops at the first that fails or is cancelled. */
  async runAll(statements: readonly EditorStatement[]): Promise<void> {
    for (const statement of statements) {
      const run = await this.run(statement);
      if (!run || run.error !== undefined) return;
    }
  }

  async #connect(uri: vscode.Uri): Promise<RunServices> {
    const { sessions } = this.#parts;
    const services = await sessions.open(uri);
    const loss = sessions.takeLoss(uri);
    if (!loss) return services;
    return { ...services, notice: `A new session was started: ${lostText(loss)}` };
  }

  #mark(statement: EditorStatement, { error }: ResultRun): void {
    if (!isClickHouseError(error)) return;
    const name = error.errorName ?? '';
    this.#parts.marks.show(statement, error.message, `${error.code} ${name}`.trim());
  }
}
