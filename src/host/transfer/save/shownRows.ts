import * as vscode from 'vscode';
import { savedSelect } from '../../../core/arrow/spool/savedSelect.ts';
import type { SpoolTable } from '../../../core/arrow/spool/spoolTable.ts';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client, SaveOptions, SaveReceipt, Settings } from '../../../core/client/surface.ts';
import { isEngineError } from '../../../core/engine/errors.ts';
import { givesSameBytes } from '../../../core/transfer/sameBytes.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import type { ResultRun } from '../../results/resultRun.ts';
import type { Results } from '../../results/results.ts';
import { askRows } from './askRows.ts';
import { outputSettings } from './outputSettings.ts';
import type { Rows, SaveSource, ShownRows } from './saveSource.ts';
import { type StatementParts, statementSource } from './statementSource.ts';

export interface ShownRowsParts extends StatementParts {
  readonly results: Results;
}

/**
 * The rows of results on screen as something to save. A whole result of the local engine is written from disk
 * without a question, wherever that gives the bytes of running it again; else a person chooses between these
 * rows and another run, unless there is nothing to choose.
 */
export function shownRowsOf(parts: ShownRowsParts): ShownRows {
  return async (resultId, answer) => {
    const run = parts.results.byId(resultId);
    if (!run) {
      throw new UsageError('This result is gone.', { hint: 'Run the statement again.' });
    }
    if (answer === undefined && isWholeHere(run, parts)) return wholeSource(run, parts);
    const chosen = answer ?? (await askWhich(run, parts));
    return chosen === 'shown' ? shownSource(run, parts) : chosen;
  };
}

/** Whole, and of the local engine, which the document still uses: both ways give the same rows. */
function isWholeHere(run: ResultRun, { connections }: ShownRowsParts): boolean {
  const { connection } = run.options;
  return (
    run.snapshot().complete &&
    connection.id === LOCAL_CONNECTION &&
    connections.forDocument(run.uri).id === LOCAL_CONNECTION
  );
}

async function askWhich(run: ResultRun, parts: ShownRowsParts): Promise<Rows | undefined> {
  const { columns, complete } = run.snapshot();
  if (columns.length === 0) return 'again';
  const engine = parts.connections.engineState;
  // Nothing is missing in another run of a whole result, so nobody has to hear of a missing engine.
  if (complete && engine === 'missing') return 'again';
  const { connection, statement } = run.options;
  return askRows({
    rows: run.snapshot().rows,
    isRunning: run.isRunning,
    complete,
    server: connection.name,
    isEngineMissing: engine === 'missing',
    sql: statement.sql,
  });
}

/** These rows, exactly as they are in the grid, written by the local engine. */
async function shownSource(
  run: ResultRun,
  { connections }: ShownRowsParts,
): Promise<SaveSource | 'again' | undefined> {
  let engine: Client;
  try {
    engine = await connections.client(LOCAL_CONNECTION);
  } catch (error) {
    if (isEngineError(error)) return insteadOfEngine(error);
    throw error;
  }
  // Now rather than after the questions about format and place.
  await using _table = await run.openTable(engine);
  const { connection, statement } = run.options;
  return {
    sql: statement.sql,
    document: run.uri,
    connection: connection.name,
    client: engine,
    ownFormat: undefined,
    resultId: run.id,
    isBusy: () => false,
    askParameters: () => Promise.resolve({}),
    save: async (path, options) => {
      await using table = await run.openTable(engine);
      return await saveTable(engine, table, path, options);
    },
  };
}
