import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { isCancelledError, isUsageError } from '../../../core/client/errors.ts';
import type { PartialSave } from '../../../core/client/surface.ts';
import { errorText } from '../../errors/errorText.ts';
import { showError } from '../../errors/showError.ts';
import { cancelText, partialText } from '../transferTexts.ts';
import { isNamedNeither } from './putElsewhere.ts';
import { isLoneFile } from './place.ts';
import { rowsOfPartial } from './savedRows.ts';
import type { RunningSaves } from './runningSaves.ts';

const KEEP = 'Keep partial file';
const REMOVE = 'Remove';
const COPY = 'Copy error';

export interface Failure {
  readonly error: unknown;
  /** Id of the connection that was used. */
  readonly connection: string | undefined;
  /** What is in `<name>.partial`. */
  readonly partial: PartialSave | undefined;
  /** Where the file was to be; undefined when that was not settled yet. */
  readonly target: vscode.Uri | undefined;
}

const SAFE = 'The result was not saved, and no file was changed';
const EMPTIED =
  'The result was not saved. The browser left an empty file of that name when it was chosen';

/** Tells of a save that failed or was cancelled. Nothing is left of it unless the user says so. */
export async function tellFailure(failure: Failure, running: RunningSaves): Promise<void> {
  const { error, connection, partial, target } = failure;
  if (partial) {
    await askAboutPartial(partial, error, running);
    return;
  }
  const safe = target && isLoneFile(target) ? EMPTIED : SAFE;
  if (isCancelledError(error)) {
    const outcome = await cancelText(error);
    void vscode.window.showInformationMessage(`${safe}. ${outcome}`);
    return;
  }
  // What is asked for in vain has not begun, and says so itself; what moved the old file says where it is.
  const during = isUsageError(error) || isNamedNeither(error) ? '' : safe;
  showError(error, { during, ...(connection !== undefined && { connection }) });
}

/** Asks about what a save left, at once: its failure is told elsewhere. */
export function askAboutLeft(running: RunningSaves): (partial: PartialSave) => void {
  const ask = async (partial: PartialSave): Promise<void> => {
    const left = partialText(partial, await rowsOfPartial(partial));
    const text = `${path.basename(partial.path, '.partial')} was not saved. ${left}`;
    decideLater(vscode.window.showWarningMessage(text, KEEP, REMOVE), partial, running);
  };
  return (partial) => {
    running.undecided(partial);
    void ask(partial);
  };
}

/** Dismissing the question removes the file: what nobody asked for is not left behind. */
async function askAboutPartial(
  partial: PartialSave,
  error: unknown,
  running: RunningSaves,
): Promise<void> {
  const [rows, outcome] = await Promise.all([
    rowsOfPartial(partial),
    isCancelledError(error) ? cancelText(error) : undefined,
  ]);
  const left = partialText(partial, rows);
  if (outcome !== undefined) {
    const text = `${SAFE}. ${outcome} ${left}`;
    decideLater(vscode.window.showWarningMessage(text, KEEP, REMOVE), partial, running);
    return;
  }
  const { short, full } = errorText(error, SAFE);
  const text = `${short} ${left}`;
  const answered = vscode.window.showErrorMessage(text, KEEP, REMOVE, COPY).then((chosen) => {
    if (chosen !== COPY) return chosen;
    void vscode.env.clipboard.writeText(full);
    // Copying decides nothing: the question comes again.
    return vscode.window.showWarningMessage(left, KEEP, REMOVE);
  });
  decideLater(answered, partial, running);
}

/** The command has ended: its caller does not wait for a notification. */
function decideLater(
  answer: Thenable<string | undefined>,
  partial: PartialSave,
  running: RunningSaves,
): void {
  const name = path.basename(partial.path);
  void answer.then(async (chosen) => {
    const isInTime = await running.decide(partial);
    if (chosen === KEEP) {
      const text = isInTime
        ? `${name} was kept. It is not the whole result.`
        : `${name} could not be kept: what this save left is there no more.`;
      void vscode.window.showInformationMessage(text);
    } else if (isInTime) await rm(partial.path, { force: true });
    else if (chosen === REMOVE && existsSync(partial.path)) {
      const text = `${name} was not removed: it is no longer what this save left.`;
      void vscode.window.showInformationMessage(text);
    }
  });
}
