import * as vscode from 'vscode';

/** Rowhouse's icon on the tab of a page; an image has no colour of the theme by itself. */
export function panelIcon(extensionUri: vscode.Uri): { light: vscode.Uri; dark: vscode.Uri } {
  const media = vscode.Uri.joinPath(extensionUri, 'media');
  return {
    light: vscode.Uri.joinPath(media, 'rowhouse.svg'),
    dark: vscode.Uri.joinPath(media, 'rowhouse-dark.svg'),
  };
}
