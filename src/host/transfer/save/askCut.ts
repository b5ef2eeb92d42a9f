import * as vscode from 'vscode';
import type { CutSettings } from '../../../core/transfer/cutSettings.ts';
import { cutText } from '../transferTexts.ts';

const SAVE = 'Save What the Server Sends';

/** Asks whether a result is wanted that settings make shorter than the statement says. */
export async function askCut(cut: CutSettings): Promise<boolean> {
  const chosen = await vscode.window.showWarningMessage(
    'The server may leave rows out of this result, without an error.',
    {
      modal: true,
      detail: `${cutText(cut)}\n\nTo save all rows, cancel and change these settings with SET.`,
    },
    SAVE,
  );
  return chosen === SAVE;
}

/** As `askCut`, for several statements: about the same settings once. */
export function askCutOnce(): (cut: CutSettings) => Promise<boolean> {
  const agreed = new Set<string>();
  return async (cut) => {
    const text = cutText(cut);
    if (!agreed.has(text) && !(await askCut(cut))) return false;
    agreed.add(text);
    return true;
  };
}
