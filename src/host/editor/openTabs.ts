import * as vscode from 'vscode';

/** A diff shows the file itself on the side that can be edited. */
export function textUri({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputTextDiff) return [input.modified];
  return input instanceof vscode.TabInputText ? [input.uri] : [];
}

export function hasTab(uri: vscode.Uri | string): boolean {
  const key = uri.toString();
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.flatMap(textUri).some((open) => open.toString() === key),
  );
}
