import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { isClickHouseError, isSessionLostError } from '../../core/client/errors.ts';
import type { SessionHoldings } from '../../core/client/surface.ts';
import type { Connections } from '../connections/connections.ts';
import type { ResultRun, RunServices } from '../results/resultRun.ts';
import type { Results } from '../results/results.ts';
import type { ResultsView } from '../results/resultsView.ts';
import type { SpoolFolder } from '../results/spoolFolder.ts';
import type { EditorStatement } from './currentStatement.ts';
import type { DocumentSessions } from './documentSessions.ts';
import type { ErrorMarks } from './errorMarks.ts';
import { askParameters, parametersOfSession } from './parameters.ts';

export interface RunnerParts {
  connections: Connections;
  sessions: DocumentSessions;
  results: Results;
  view: ResultsView;
  marks: ErrorMarks;
  spoolFolder: SpoolFolder;
}

/** Runs statements of editors in their documents' sessions and shows what comes. */
export class Runner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /**
   * Runs one statement and waits for its end. Failures are shown in the results view and at the statement,
   * and are in the run's `error`. Returns undefined when the user gave no value for a parameter.
   */
  async run(
    statement: EditorStatement,
    params?: Readonly<Record<string, unknown>>,
  ): Promise<ResultRun | undefined> {
    const { sessions, results, view, marks, connections, spoolFolder } = this.#parts;
    const { uri, sql } = statement;
    const held = sessions.peek(uri)?.holds.statements ?? [];
    const values = params ?? (await askParameters(sql, parametersOfSession(held)));
    if (!values) return undefined;
    marks.clear(uri);
    const folder = await spoolFolder.path();
    const run = results.start({
      statement,
      source: path.posix.basename(uri.path),
      connection: connections.forDocument(uri),
      spoolPath: path.join(folder, `${randomUUID()}.arrows`),
      connect: () => this.#connect(uri),
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
    return { ...services, notice: `A new session was started: ${lostText(loss.holdings)}` };
  }

  #mark(statement: EditorStatement, { error }: ResultRun): void {
    if (isSessionLostError(error)) {
      void vscode.window.showWarningMessage(`${error.message} ${lostText(error.lost)}`);
    }
    if (!isClickHouseError(error)) return;
    const name = error.errorName ?? '';
    this.#parts.marks.show(statement, error.message, `${error.code} ${name}`.trim());
  }
}

function lostText({ statements, temporaryTables }: SessionHoldings): string {
  const parts = [
    ...(temporaryTables.length > 0 ? [`temporary tables (${temporaryTables.join(', ')})`] : []),
    ...(statements.length > 0 ? [`settings (${statements.join('; ')})`] : []),
  ];
  return parts.length === 0
    ? 'nothing was lost with the old one.'
    : `${parts.join(' and ')} are gone.`;
}
