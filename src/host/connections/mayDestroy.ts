import * as vscode from 'vscode';
import { destroys } from '../../core/sql/destroys.ts';
import type { Connection } from './connections.ts';

const RUN = 'Run on production';
const SHOWN_CHARACTERS = 500;

/** Asks before a statement that destroys runs on a connection marked as production. */
export async function mayDestroy(connection: Connection, sql: string): Promise<boolean> {
  const { profile } = connection;
  if (profile?.production !== true) return true;
  const what = destroys(sql);
  if (what === undefined) return true;
  const text = sql.trim();
  const shown = text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} …` : text;
  const question = `Run ${what} on "${profile.name}", which is production?`;
  const detail = `${profile.url}\n\n${shown}`;
  const choice = await vscode.window.showWarningMessage(question, { modal: true, detail }, RUN);
  return choice === RUN;
}
