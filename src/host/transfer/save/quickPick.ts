import * as vscode from 'vscode';

export interface PickOptions<T extends vscode.QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: Promise<readonly T[]> | readonly T[];
  /** The one that is highlighted at first. Default: the first. */
  readonly active?: (item: T) => boolean;
  /** True: has a button that leads to the question before. */
  readonly back?: boolean;
  /** Called when another item is highlighted. */
  readonly onActive?: (item: T) => void;
}

export type Picked<T> =
  { readonly by: 'accept' | 'button'; readonly item: T } | { readonly by: 'back' };

/** As VS Code's `showQuickPick`, with buttons on items and a way back. Undefined: the user turned away. */
export async function pick<T extends vscode.QuickPickItem>(
  options: PickOptions<T>,
): Promise<Picked<T> | undefined> {
  const box = vscode.window.createQuickPick<T>();
  box.title = options.title;
  box.placeholder = options.placeholder;
  box.matchOnDescription = true;
  // Choices were made by then, which a click elsewhere would take away.
  box.ignoreFocusOut = options.back === true;
  box.buttons = options.back === true ? [vscode.QuickInputButtons.Back] : [];
  try {
    return await new Promise<Picked<T> | undefined>((resolve, reject) => {
      box.onDidAccept(() => {
        const [item] = box.selectedItems;
        if (item) resolve({ by: 'accept', item });
      });
      box.onDidTriggerItemButton(({ item }) => {
        resolve({ by: 'button', item });
      });
      box.onDidTriggerButton(() => {
        resolve({ by: 'back' });
      });
      box.onDidChangeActive(([item]) => {
        if (item) options.onActive?.(item);
      });
      box.onDidHide(() => {
        resolve(undefined);
      });
      box.busy = true;
      box.show();
      Promise.resolve(options.items).then((items) => {
        box.items = items;
        // An empty list would take away the highlight of the first item, and with it what Enter does.
        const active = options.active && items.find(options.active);
        if (active) box.activeItems = [active];
        box.busy = false;
      }, reject);
    });
  } finally {
    box.dispose();
  }
}
