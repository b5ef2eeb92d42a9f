import * as vscode from 'vscode';
import { savedSelect } from '../../../core/arrow/spool/savedSelect.ts';
import type { SpoolTable } from '../../../core/arrow/spool/spoolTable.ts';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client, SaveOptions, SaveReceipt, Settings } from '../../../core/client/surface.ts';
import { type EngineError, isEngineError } from '../../../core/engine/errors.ts';
import {
  type CutSettings,
  hidesRowEnds,
  resultSettings,
} from '../../../core/transfer/cutSettings.ts';
import { givesSameBytes, givesSameRows } from '../../../core/transfer/sameBytes.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import { errorMessage } from '../../errors/errorParts.ts';
import { helpfulCommands } from '../../errors/help.ts';
import type { Result } from '../../results/result.ts';
import type { Results } from '../../results/results.ts';
import { canRunAsKept, statementAgain } from '../../results/runAgain.ts';
import type { ResultViews } from '../../results/view/resultViews.ts';
import { isWhole } from '../../../shared/resultView.ts';
import { askRows } from './askRows.ts';
import { besideSession, differentOutputSettings, outputSettings } from './outputSettings.ts';
import type { Rows, SaveSource, ShownRows } from './saveSource.ts';
import { leavesRowsOut, shownView } from './shownView.ts';
import { type StatementParts, statementSource } from './statementSource.ts';

export interface ShownRowsParts extends StatementParts {
  readonly results: Results;
  readonly views: ResultViews;
}

/**
 * The rows of results on screen as something to save. A whole result is written from disk without a question: one of the
 * local engine wherever that gives the bytes of running it again, one of another server where it gives the same values.
 * Else a person chooses between these rows and another run, unless there is nothing to choose.
 */
export function shownRowsOf(parts: ShownRowsParts): ShownRows {
  return async (resultId, answer, isUnattended) => {
    const run = parts.results.byId(resultId);
    if (!run) {
      throw new UsageError('This result is gone.', { hint: 'Run the statement again.' });
    }
    if (answer === undefined && isWholeHere(run, parts)) return wholeSource(run, parts);
    const isPlain = answer === undefined && !isUnattended && isSameAsAgain(run, parts);
    if (isPlain) return shownSource(run, parts, await asOnServer(run, parts));
    const chosen = answer ?? (await (isUnattended ? defaultRows(run) : askWhich(run, parts)));
    // Before anything else is asked.
    if (chosen === 'again') statementAgain(run, parts.connections);
    return chosen === 'shown' ? shownSource(run, parts) : chosen;
  };
}

/** Whole, and of the local engine, which the document still uses: both ways give the same rows. */
function isWholeHere(run: Result, { connections, views }: ShownRowsParts): boolean {
  const { connection } = run.options;
  return (
    run.snapshot().complete &&
    isWhole(views.of(run).view) &&
    canRunAsKept(run) &&
    connection.id === LOCAL_CONNECTION &&
    connections.forDocument(run.uri).id === LOCAL_CONNECTION
  );
}

/**
 * A whole result as its server gave it, which the local engine can write with the same values: nothing is missing in
 * these rows, and what another run would give besides is what has changed since.
 */
function isSameAsAgain(run: Result, { connections, views }: ShownRowsParts): boolean {
  const { complete, columns } = run.snapshot();
  return (
    complete &&
    isWhole(views.of(run).view) &&
    connections.engineState !== 'missing' &&
    givesSameRows({ sql: run.options.statement.sql, columns })
  );
}

/** How the server of a result would write its rows, and what there may have left some out. */
interface OnServer {
  readonly output: Settings;
  readonly cut: CutSettings;
}

const NOT_KNOWN: OnServer = { output: {}, cut: {} };
/** The rows are here: nobody waits longer for a server that does not answer. */
const LONGEST_ASK_MS = 2_000;

/** As far as the session that the result came from still knows. */
async function asOnServer(run: Result, parts: ShownRowsParts): Promise<OnServer> {
  const session = parts.sessions.peek(run.uri);
  const { connection, statement } = run.options;
  const isSame = parts.connections.forDocument(run.uri).id === connection.id;
  if (!session || !isSame) return NOT_KNOWN;
  try {
    const engine = await parts.connections.client(LOCAL_CONNECTION);
    const signal = AbortSignal.timeout(LONGEST_ASK_MS);
    const client = await parts.connections.client(connection.id, { ask: false, signal });
    const inSession = besideSession(client, session);
    const [output = {}, { cut }] = await Promise.all([
      differentOutputSettings(inSession, engine, signal),
      resultSettings(inSession, statement.sql, signal),
    ]);
    return { output, cut };
  } catch {
    // The values do not change by that, nor which rows they are.
    return NOT_KNOWN;
  }
}

/** @throws UsageError where the two ways give different rows. */
function defaultRows(run: Result): Rows {
  const { columns, complete } = run.snapshot();
  if (columns.length === 0) return 'again';
  if (complete) return 'shown';
  throw new UsageError('This result is not complete, so it matters which rows are saved.', {
    hint: 'Give rows: shown for those on screen, or again to run the statement once more.',
  });
}

async function askWhich(run: Result, parts: ShownRowsParts): Promise<Rows | undefined> {
  const { columns, complete } = run.snapshot();
  if (columns.length === 0) return 'again';
  const { rows, view } = parts.views.of(run);
  const engine = parts.connections.engineState;
  // Nothing is missing in another run of a whole result, so nobody has to hear of a missing engine.
  if (complete && isWhole(view) && engine === 'missing') return 'again';
  const isEngineMissing = engine === 'missing';
  return askRows({
    rows,
    total: run.snapshot().rows,
    isDerived: !isWhole(view),
    complete,
    isRunning: run.isRunning,
    isEngineMissing,
  });
}

/** These rows, exactly as they are in the grid, written by the local engine. */
async function shownSource(
  run: Result,
  { connections, views }: ShownRowsParts,
  { output, cut }: OnServer = NOT_KNOWN,
): Promise<SaveSource | 'again' | undefined> {
  let engine: Client;
  try {
    engine = await connections.client(LOCAL_CONNECTION);
  } catch (error) {
    if (isEngineError(error)) return insteadOfEngine(error);
    throw error;
  }
  // What is wrong is said now rather than after the questions about format and place.
  const shown = views.of(run);
  await (await shown.openTable(engine)).dispose();
  const { connection, params, statement } = run.options;
  const { columns, queryId, ...whole } = run.snapshot();
  const complete = whole.complete && !leavesRowsOut(shown.view);
  const isOtherServer = connection.id !== LOCAL_CONNECTION;
  return {
    shown: { params, queryId, complete, view: shownView(shown.view, columns), isOtherServer },
    sql: statement.sql,
    document: run.uri,
    connection: connection.name,
    client: engine,
    ownFormat: undefined,
    resultId: run.id,
    isBusy: () => false,
    askParameters: () => Promise.resolve({}),
    resultSettings: () => Promise.resolve({ cut, uncountable: hidesRowEnds(output) }),
    save: async (path, options) => {
      await using table = await shown.openTable(engine);
      const settings = { ...output, ...options.settings };
      return await saveRows(table, engine, path, { ...options, settings });
    },
  };
}

async function saveRows(
  table: SpoolTable,
  engine: Client,
  path: string,
  options: SaveOptions,
): Promise<SaveReceipt> {
  const settings = { ...options.settings, ...table.settings };
  return engine.saveTo(savedSelect(table), path, { ...options, params: {}, settings });
}

/** These rows from disk where that is the same as running the statement again, else the statement. */
async function wholeSource(run: Result, parts: ShownRowsParts): Promise<SaveSource> {
  const { connection, params, statement } = run.options;
  const { sql } = statement;
  const found = { sql, uri: run.uri, connection: connection.id };
  const source = await statementSource(
    found,
    { params, result: run.id, isUnattended: true },
    parts,
  );
  let runsAgain = false;
  return {
    ...source,
    isBusy: () => runsAgain && source.isBusy(),
    save: async (path, options) => {
      const { columns } = run.snapshot();
      const same = givesSameBytes({ sql, columns, format: options.format });
      const output = same && (await outputSettings(parts.sessions.peek(run.uri)));
      await using table = output ? await tableOf(run, source.client) : undefined;
      if (output && table) {
        const settings = { ...output, ...options.settings };
        return await saveRows(table, source.client, path, { ...options, settings });
      }
      runsAgain = true;
      return await source.save(path, options);
    },
  };
}

/** Undefined when the rows are gone since they were on screen. */
async function tableOf(run: Result, engine: Client): Promise<SpoolTable | undefined> {
  try {
    return await run.openTable(engine);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** There is no engine to write these rows. Undefined: the user turned away. */
async function insteadOfEngine(error: EngineError): Promise<'again' | undefined> {
  const runAgain = 'Run Again in Full';
  const helpful = helpfulCommands(error, false);
  const chosen = await vscode.window.showWarningMessage(
    `These rows cannot be saved without a local ClickHouse. ${errorMessage(error)}`,
    runAgain,
    ...helpful.map(({ title }) => title),
  );
  if (chosen === runAgain) return 'again';
  const help = helpful.find(({ title }) => title === chosen);
  if (help) await vscode.commands.executeCommand(help.command);
  return undefined;
}
