import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import { withProgress } from '../progress.ts';
import { showReport } from '../reports.ts';
import type { Results } from '../results/results.ts';
import { compareRuns, type ComparedMetric } from './compare.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunRecord } from './runRecord.ts';
import { comparisonText, logText, runLine } from './runTexts.ts';

/** What `rowhouse.compareRuns` returns. */
export interface Comparison {
  /** Ids of the runs: those of their results. */
  readonly first: string;
  readonly second: string;
  readonly metrics: readonly ComparedMetric[];
  readonly document: vscode.Uri;
}

/** Commands about the run of the result on screen, or of the one given as `{result: id}`. */
export function statisticsCommands(
  results: Results,
  history: RunHistory,
): CommandHandlers<'statistics'> {
  const meant = (argument: unknown): RunRecord => {
    const id = textAnswer(answersOf(argument), 'result');
    const result = id === undefined ? results.current : results.byId(id);
    const record = result && history.recordFor(result);
    if (record) return record;
    throw new UsageError('There is no run that has ended on a server.', {
      hint: 'Run a statement first, and wait for its end.',
    });
  };
  return {
    'rowhouse.openQueryLog': async (argument) => {
      const record = meant(argument);
      const entry = record.entry ?? (await waiting(history.lookUp(record)));
      return entry && (await showReport('Query log', logText(record, entry)));
    },
    'rowhouse.copyQueryId': async (argument) => {
      await vscode.env.clipboard.writeText(meant(argument).queryId);
    },
    'rowhouse.compareRuns': async (argument) => {
      const pair = await chosenRuns(argument, meant, history);
      return pair && (await compare(pair, history));
    },
  };
}

/** Waits for a look into the log with a progress that can be left. Undefined when the user left it. */
async function waiting<T>(look: Promise<T>): Promise<T | undefined> {
  return withProgress("Waiting for the server's query log…", async (signal) => {
    const left = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve(undefined);
      });
    });
    return Promise.race([look, left]);
  });
}

async function chosenRuns(
  argument: unknown,
  meant: (argument: unknown) => RunRecord,
  history: RunHistory,
): Promise<[RunRecord, RunRecord] | undefined> {
  const answers = answersOf(argument);
  const [firstId, secondId] = [textAnswer(answers, 'first'), textAnswer(answers, 'second')];
  if (firstId !== undefined && secondId !== undefined) {
    return [given(history, firstId), given(history, secondId)];
  }
  const record = meant(argument);
  const others = history.runsOf(record).filter((run) => run !== record);
  if (others.length === 0) {
    throw new UsageError('This statement has run once only since the window was opened.', {
      hint: 'Run it again to compare the runs.',
    });
  }
  const previous = history.previousOf(record);
  if (answers['with'] === 'previous' && previous) return [previous, record];
  const picked = await vscode.window.showQuickPick(
    others.map((run) => ({ label: runLine(run), description: run.connection.name, run })),
    { title: 'Compare Runs', placeHolder: `Compare the run of ${runLine(record)} with` },
  );
  return picked && [picked.run, record];
}

function given(history: RunHistory, id: string): RunRecord {
  const record = history.byId(id);
  if (!record) throw new UsageError(`There is no run ${id} in this window.`);
  return record;
}

async function compare(
  [first, second]: [RunRecord, RunRecord],
  history: RunHistory,
): Promise<Comparison> {
  const notes: string[] = [];
  const looks = [first, second].map(async (run, at) => {
    await history.lookUp(run).catch(() => {
      const name = at === 0 ? 'first' : 'second';
      notes.push(`Figures of the ${name} run are missing: ${run.look?.message ?? ''}`);
    });
  });
  if (!first.entry || !second.entry) await waiting(Promise.all(looks));
  return {
    first: first.id,
    second: second.id,
    metrics: compareRuns(first, second),
    document: await showReport('Runs compared', comparisonText(first, second, notes)),
  };
}
