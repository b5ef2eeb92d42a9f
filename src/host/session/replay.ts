import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import type { DocumentSessions } from './documentSessions.ts';
import { readingSteps, replayedText, replayPlan } from './replayPlan.ts';
import { runSteps } from './runSteps.ts';
import type { SessionLoss } from './sessionLoss.ts';
import { shortSql } from './shortSql.ts';

const ALL = 'Replay all';
const NO_DATA = 'Without reading data';

/**
 * Makes what a document lost with its session again in its session of now.
 * @param data whether statements that read data run again; undefined: asks if there are any
 * @returns false when the user turned away
 * @throws UsageError when nothing was lost, or a statement fails; the next replay goes on there.
 */
export async function replaySession(
  sessions: DocumentSessions,
  uri: vscode.Uri,
  data?: boolean,
): Promise<boolean> {
  const loss = sessions.lossOf(uri);
  if (!loss) {
    throw new UsageError('There is nothing to replay: this editor has lost no session.', {
      hint: 'A session is replayed after the server has lost it.',
    });
  }
  const withData = data ?? (await askData(loss, uri));
  if (withData === undefined) return false;
  const plan = replayPlan(loss.holdings, loss.done, withData);
  await sessions.replay(uri, (session) =>
    runSteps(`Replaying the session of ${nameOf(uri)}`, plan.steps, session, (step) => {
      loss.done = loss.holdings.steps.indexOf(step) + 1;
    }),
  );
  sessions.forgetLoss(uri);
  const text = replayedText(plan);
  if (plan.missing.length > 0) void vscode.window.showWarningMessage(text);
  else vscode.window.setStatusBarMessage(`$(check) ${text}`, 5_000);
  return true;
}

async function askData(
  { holdings, done }: SessionLoss,
  uri: vscode.Uri,
): Promise<boolean | undefined> {
  const reading = readingSteps(holdings, done);
  if (reading.length === 0) return true;
  const choice = await vscode.window.showWarningMessage(
    `Replaying the session of ${nameOf(uri)} reads data again.`,
    {
      modal: true,
      detail:
        `${reading.map(({ sql }) => shortSql(sql)).join('\n')}\n\n` +
        'This takes as long as the first time, and what they read may have changed. Without it, ' +
        'settings and empty tables come back.',
    },
    ALL,
    NO_DATA,
  );
  return choice === undefined ? undefined : choice === ALL;
}

function nameOf(uri: vscode.Uri): string {
  return path.posix.basename(uri.path);
}
