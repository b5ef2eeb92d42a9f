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

/** VS Code tells its tabs some time after it starts its extensions: until then there is not even an empty group. */
export async function tabsAreKnown(): Promise<void> {
  const { tabGroups } = vscode.window;
  if (tabGroups.all.length > 0) return;
  await new Promise<void>((resolve) => {
    const subscription = tabGroups.onDidChangeTabGroups(() => {
      subscription.dispose();
      resolve();
    });
  });
}
