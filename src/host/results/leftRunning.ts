import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { errorMessage } from '../errors/errorParts.ts';
import type { Result } from './result.ts';
import { unasked } from './stopText.ts';

/** A heavy query may take this long to stop; nobody needs to hear of it. */
const STOPS_WITHIN_MS = 10_000;

/** Ends a result that nobody will see any more; says so if its query goes on all the same. */
export async function disposeUnseen(result: Result): Promise<void> {
  await result.dispose();
  const { stopping } = result;
  if (!stopping) return;
  const { title, connection } = result.snapshot();
  const late = delay(STOPS_WITHIN_MS, 'stillRunning' as const, { ref: false });
  try {
    const told = await Promise.race([stopping, late]);
    if (told !== 'stillRunning' && told.outcome === 'unverified') {
      const text = `A cancelled statement stopped on ${connection}, but ${unasked(told)}: ${title}`;
      void vscode.window.showWarningMessage(text);
      return;
    }
    if (told !== 'stillRunning' && told.outcome !== 'stillRunning') return;
    void vscode.window.showWarningMessage(
      `A cancelled statement still runs on ${connection}, which was told to stop it: ${title}`,
    );
  } catch (error) {
    void vscode.window.showWarningMessage(
      `A cancelled statement may still run on ${connection}, which could not be asked (${errorMessage(error)}): ${title}`,
    );
  }
}
