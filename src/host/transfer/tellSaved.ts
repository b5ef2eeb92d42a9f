import * as vscode from 'vscode';
import type { SaveReceipt } from '../../core/client/surface.ts';
import { findFormat } from '../../core/transfer/formats.ts';
import { savedText } from './transferTexts.ts';

const OPEN = 'Open';
const REVEAL = 'Reveal in Explorer';
const COPY_PATH = 'Copy Path';

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
  return isDesktop && vscode.env.remoteName === undefined ? 'revealFileInOS' : undefined;
}

async function ask(receipt: SaveReceipt): Promise<void> {
  const uri = vscode.Uri.file(receipt.path);
  const reveal = revealCommand(uri);
  const offered = [...(canOpen(receipt) ? [OPEN] : []), ...(reveal === undefined ? [] : [REVEAL])];
  const chosen = await vscode.window.showInformationMessage(
    savedText(receipt),
    ...offered,
    COPY_PATH,
  );
  if (chosen === OPEN) await vscode.commands.executeCommand('vscode.open', uri);
  if (chosen === REVEAL && reveal !== undefined) {
    await vscode.commands.executeCommand(reveal, uri);
  }
  if (chosen === COPY_PATH) await vscode.env.clipboard.writeText(receipt.path);
}

/** Tells that a file is complete, without making anybody wait for an answer. */
export function tellSaved(receipt: SaveReceipt): void {
  void ask(receipt);
}
