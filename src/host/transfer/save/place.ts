import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WindowPlace } from './placeText.ts';

export function thisPlace(): WindowPlace {
  return {
    remoteName: vscode.env.remoteName,
    isWeb: vscode.env.uiKind === vscode.UIKind.Web,
    hostName: os.hostname(),
  };
}

/** The folder of a document, that of the workspace for one without a file, or the user's own. */
export function folderFor(document: vscode.Uri | undefined): string {
  if (document?.scheme === 'file') return path.dirname(document.fsPath);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? os.homedir();
}
