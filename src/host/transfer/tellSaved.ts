import * as vscode from 'vscode';
import type { SaveReceipt } from '../../core/client/surface.ts';
import { findFormat } from '../../core/transfer/formats.ts';
import { errorText } from '../errors/errorText.ts';
import { receiptText } from './save/receipt.ts';
import type { Saved } from './save/runSave.ts';
import { savedText } from './transferTexts.ts';

const OPEN = 'Open';
const REVEAL = 'Reveal in Explorer';
const COPY_PATH = 'Copy path';
const COPY_RECEIPT = 'Copy receipt';
/** The statement was not run again. */
const ON_SCREEN = 'These are the rows on screen';

/** Editors stop being useful near this size. */
const LARGEST_OPENED_BYTES = 50_000_000;

function canOpen({ format, compression, bytes }: SaveReceipt): boolean {
  const isText = findFormat(format)?.kind === 'text' && compression === 'none';
  return isText && bytes <= LARGEST_OPENED_BYTES;
}

/** Another machine's folders have no window on this one's desktop. */
function revealCommand(uri: vscode.Uri): string | undefined {
  if (vscode.workspace.getWorkspaceFolder(uri)) return 'revealInExplorer';
  const isDesktop = vscode.env.uiKind === vscode.UIKind.Desktop;
  const isHere = uri.scheme === 'file' && vscode.env.remoteName === undefined;
  return isDesktop && isHere ? 'revealFileInOS' : undefined;
}

async function ask({ receipt, file, uri }: Saved, note: string | undefined): Promise<void> {
  const reveal = revealCommand(uri);
  const offered = [...(canOpen(receipt) ? [OPEN] : []), ...(reveal === undefined ? [] : [REVEAL])];
  const notes = [
    ...(file.rowsFrom === 'screen' ? [ON_SCREEN] : []),
    ...(note === undefined ? [] : [note]),
  ];
  const chosen = await vscode.window.showInformationMessage(
    [savedText(receipt), ...notes].join('. '),
    ...offered,
    COPY_PATH,
    COPY_RECEIPT,
  );
  if (chosen === OPEN) await vscode.commands.executeCommand('vscode.open', uri);
  if (chosen === REVEAL && reveal !== undefined) {
    await vscode.commands.executeCommand(reveal, uri);
  }
  if (chosen === COPY_PATH) await vscode.env.clipboard.writeText(receipt.path);
  if (chosen === COPY_RECEIPT) await vscode.env.clipboard.writeText(receiptText(file));
}

/** Tells that a file is complete, without making anybody wait for an answer. */
export function tellSaved(saved: Saved, note?: string): void {
  void ask(saved, note);
  const { sidecarError, receipt } = saved;
  if (sidecarError === undefined) return;
  const during = `${receipt.path} is whole, but its receipt was not written beside it`;
  void vscode.window.showWarningMessage(errorText(sidecarError, during).short);
}
