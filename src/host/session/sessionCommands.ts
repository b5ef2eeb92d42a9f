import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { EditorStatement } from '../editor/currentStatement.ts';
import type { Runner } from '../editor/runner.ts';
import type { Result } from '../results/result.ts';
import { paramsAgain, statementAgain } from '../results/runAgain.ts';
import type { SessionParts } from './showSession.ts';
import { runningStatements, stopRunning } from './stopRunning.ts';

/**
 * Each takes the document as `{uri}`. `rowhouse.resetSession`: `{confirm: false}` cancels what runs without a
 * question. `rowhouse.forkSession`: `{tables}`, `{text}`. `rowhouse.replaySession`: `{data}`, and `{result}` for a
 * result whose statement is to run again afterwards.
 */
export function sessionCommands(parts: SessionParts, runner: Runner): CommandHandlers<'session'> {
  const { connections, sessions, results } = parts;
  const resultOf = (argument: unknown): Result | undefined =>
    results.byId(textAnswer(answersOf(argument), 'result') ?? '');
  return {
    'rowhouse.showSession': async (argument) => {
      const uri = documentOf(argument);
      if (!uri) return;
      const { showSession } = await import('./showSession.ts');
      await showSession(uri, parts);
    },
    'rowhouse.resetSession': async (argument) => {
      const uri = documentOf(argument);
      if (!uri) return;
      const ask = answersOf(argument)['confirm'] !== false;
      const running = results.all.filter((result) => isOf(result, uri));
      if (!(await stopRunning(runningStatements(running), 'Reset the session?', ask))) return;
      await sessions.reset(uri);
      vscode.window.setStatusBarMessage('$(check) The next statement starts a new session.', 5_000);
    },
    'rowhouse.forkSession': async (argument) => {
      const answers = answersOf(argument);
      const uri = documentOf(argument);
      if (!uri) throw noDocument();
      const { tables } = answers;
      const text = textAnswer(answers, 'text') ?? selectedText(uri);
      const wanted = typeof tables === 'boolean' ? tables : undefined;
      const { forkSession } = await import('./forkSession.ts');
      return forkSession(uri, { tables: wanted, text }, connections, sessions);
    },
    'rowhouse.replaySession': async (argument) => {
      const { data } = answersOf(argument);
      const result = resultOf(argument);
      const uri = result?.uri ?? documentOf(argument);
      if (!uri) throw noDocument();
      const wanted = typeof data === 'boolean' ? data : undefined;
      const again = result && statementAgain(result, connections);
      const { replaySession } = await import('./replay.ts');
      const done = await replaySession(sessions, uri, wanted);
      if (done && again) await runAgain(result, again, runner);
      return done;
    },
    'rowhouse.runAgain': async (argument) => {
      const result = resultOf(argument) ?? results.current;
      if (!result) throw new UsageError('There is no result.', { hint: 'Run a statement first.' });
      await runAgain(result, statementAgain(result, connections), runner);
    },
  };
}

/** In the place of its result. */
async function runAgain(result: Result, statement: EditorStatement, runner: Runner): Promise<void> {
  await runner.run({ ...statement, uri: result.uri }, paramsAgain(result), { replaces: result.id });
}

function documentOf(argument: unknown): vscode.Uri | undefined {
  const { uri } = answersOf(argument);
  return uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
}

function selectedText(uri: vscode.Uri): string {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== uri.toString()) return '';
  return editor.document.getText(editor.selection);
}

function isOf(result: Result, uri: vscode.Uri): boolean {
  return result.uri.toString() === uri.toString();
}

function noDocument(): UsageError {
  return new UsageError('There is no SQL editor.', { hint: 'Open one, or give its uri.' });
}
