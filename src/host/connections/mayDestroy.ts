import * as vscode from 'vscode';
import { destroys } from '../../core/sql/destroys.ts';
import { hideSecrets } from '../../core/sql/hideSecrets.ts';
import type { Connection } from './connections.ts';

const RUN = 'Run on production';
const SHOWN_CHARACTERS = 500;

function shortened(text: string): string {
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)} …` : text;
}

/** Asks once before statements of which some destroy run on a connection marked as production. */
export async function mayDestroy(
  connection: Connection | undefined,
  ...statements: readonly string[]
): Promise<boolean> {
  const { profile } = connection ?? {};
  if (profile?.production !== true) return true;
  const found = statements.flatMap((sql) => {
    const what = destroys(sql);
    return what === undefined ? [] : [{ what, sql: hideSecrets(sql.trim()) }];
  });
  if (found.length === 0) return true;
  const words = [...new Set(found.map(({ what }) => what))].join(', ');
  const question = `Run ${words} on "${profile.name}", which is production?`;
  const detail = `${profile.url}\n\n${shortened(found.map(({ sql }) => sql).join(';\n'))}`;
  const choice = await vscode.window.showWarningMessage(question, { modal: true, detail }, RUN);
  return choice === RUN;
}
