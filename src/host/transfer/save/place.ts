import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { type WindowPlace, placeText } from './placeText.ts';

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

/** By this scheme an extension on another machine reaches, through VS Code, the disk of the window's own. */
export const OWN_SCHEME = 'vscode-local';
export const ON_OWN_MACHINE = 'on your own machine';

/** Whether a file goes to the user's own machine through VS Code; never in a window of that machine itself. */
export function isToOwnMachine(choices: { readonly isToOwnMachine: boolean }): boolean {
  return choices.isToOwnMachine && placeText(thisPlace()) !== undefined;
}

/** How a file gets to the user's own machine, in a few words. */
export function ownMachineText(): string {
  const isWeb = vscode.env.uiKind === vscode.UIKind.Web;
  return isWeb ? 'By the browser, up to 64 MiB' : 'VS Code copies the file when it is whole';
}

/** A file that a browser's own dialog gave: VS Code reaches that one file, and nothing beside it. */
export const isLoneFile = ({ scheme }: vscode.Uri): boolean =>
  scheme === OWN_SCHEME && vscode.env.uiKind === vscode.UIKind.Web;
