import * as vscode from 'vscode';
import { UsageError, isRowhouseError } from '../../../core/client/errors.ts';
import { isEngineError } from '../../../core/engine/errors.ts';
import { resultSettings } from '../../../core/transfer/cutSettings.ts';
import { givesSameRows } from '../../../core/transfer/sameBytes.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import { errorMessage } from '../../errors/errorParts.ts';
import { helpfulCommands } from '../../errors/help.ts';
import type { Result } from '../../results/result.ts';
import type { Results } from '../../results/results.ts';
import { canRunAsKept, statementAgain } from '../../results/runAgain.ts';
import { isWhole } from '../../../shared/resultView.ts';
import { askRows } from './askRows.ts';
import { besideSession, differentOutputSettings } from './outputSettings.ts';
import type { Rows, SaveSource, ShownRows } from './saveSource.ts';
import { type OnServer, type ShownSourceParts, shownSource, wholeSource } from './shownSource.ts';

export interface ShownRowsParts extends ShownSourceParts {
  readonly results: Results;
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
    const chosen = await choose(run, parts, { answer, isUnattended });
    // Before anything else is asked.
    if (chosen === 'again') statementAgain(run, parts.connections);
    return chosen;
  };
}

async function choose(
  run: Result,
  parts: ShownRowsParts,
  { answer, isUnattended }: { readonly answer: Rows | undefined; readonly isUnattended: boolean },
): Promise<SaveSource | 'again' | undefined> {
  const isPlain = answer === undefined && !isUnattended && isSameAsAgain(run, parts);
  const ask = isUnattended ? defaultRows : askWhich;
  const rows = isPlain ? 'shown' : (answer ?? (await ask(run, parts)));
  if (rows !== 'shown') return rows;
  try {
    const { output, cut } = await asOnServer(run, parts);
    // Who chose these rows knows that they are not all.
    return await shownSource(run, parts, { output, cut: isPlain ? cut : {} });
  } catch (error) {
    // The end of the query is all that has to be waited for.
    if (isUnattended || run.isRunning) throw error;
    return insteadOfRows(error);
  }
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

const AS_ENGINE: OnServer = { output: {}, cut: {} };
/** The rows are here: nobody waits longer for a server that does not answer. */
const LONGEST_ASK_MS = 2_000;

/** As far as the session that the result came from still knows. */
async function asOnServer(run: Result, parts: ShownRowsParts): Promise<OnServer> {
  const session = parts.sessions.peek(run.uri);
  const { connection, statement } = run.options;
  const isSame = parts.connections.forDocument(run.uri).id === connection.id;
  if (!session || !isSame) return AS_ENGINE;
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
    return AS_ENGINE;
  }
}

/** @throws UsageError where the two ways give different rows. */
function defaultRows(run: Result, parts: ShownRowsParts): Rows {
  const { columns, complete } = run.snapshot();
  if (columns.length === 0 || isAgainWithoutEngine(run, parts)) return 'again';
  if (complete) return 'shown';
  throw new UsageError('This result is not complete, so it matters which rows are saved.', {
    hint: 'Give rows: shown for those on screen, or again to run the statement once more.',
  });
}

async function askWhich(run: Result, parts: ShownRowsParts): Promise<Rows | undefined> {
  const { columns, complete } = run.snapshot();
  if (columns.length === 0) return 'again';
  if (isAgainWithoutEngine(run, parts)) return 'again';
  const { rows, view } = parts.views.of(run);
  return askRows({
    rows,
    total: run.snapshot().rows,
    isDerived: !isWhole(view),
    complete,
    isRunning: run.isRunning,
    isEngineMissing: parts.connections.engineState === 'missing',
  });
}

/** Nothing is missing in another run of a whole result, so nobody has to hear of a missing engine. */
function isAgainWithoutEngine(run: Result, { connections, views }: ShownRowsParts): boolean {
  const isAll = run.snapshot().complete && isWhole(views.of(run).view);
  return isAll && connections.engineState === 'missing';
}

/** The local engine cannot write these rows, or there is none. Undefined: the user turned away. @throws any other error */
async function insteadOfRows(error: unknown): Promise<'again' | undefined> {
  const isEngine = isEngineError(error);
  if (!isEngine && !isRowhouseError(error)) throw error;
  const runAgain = 'Run again in full';
  const helpful = helpfulCommands(error, false);
  const problem = isEngine
    ? 'These rows cannot be saved without a local ClickHouse.'
    : 'The local ClickHouse cannot write these rows.';
  const chosen = await vscode.window.showWarningMessage(
    `${problem} ${errorMessage(error)}`,
    runAgain,
    ...helpful.map(({ title }) => title),
  );
  if (chosen === runAgain) return 'again';
  const help = helpful.find(({ title }) => title === chosen);
  if (help) await vscode.commands.executeCommand(help.command);
  return undefined;
}
