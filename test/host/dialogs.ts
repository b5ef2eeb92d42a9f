import * as vscode from 'vscode';

/** The questions that a test may answer. */
type Asked =
  | 'showInputBox'
  | 'showQuickPick'
  | 'createQuickPick'
  | 'showSaveDialog'
  | 'showOpenDialog'
  | 'showInformationMessage'
  | 'showWarningMessage'
  | 'showErrorMessage'
  | 'withProgress';

const originals = new Map<Asked, unknown>();

/** Answers a question of the extension in place of a person, until `restoreDialogs`. */
export function answer(name: Asked, reply: (...asked: unknown[]) => unknown): void {
  if (!originals.has(name)) originals.set(name, vscode.window[name]);
  const stub = (...asked: unknown[]): Promise<unknown> => Promise.resolve(reply(...asked));
  (vscode.window as unknown as Record<Asked, unknown>)[name] = stub;
}

/** What a person does with a quick pick that has buttons: takes an item, presses an item's button, or goes back. */
export type PickAnswer = vscode.QuickPickItem | { readonly gear: vscode.QuickPickItem } | 'back';

/** Answers the quick picks that come, until `restoreDialogs`; undefined turns them away. */
export function answerPicks(
  reply: (items: readonly vscode.QuickPickItem[], title: string) => PickAnswer | undefined,
): void {
  if (!originals.has('createQuickPick')) {
    originals.set('createQuickPick', vscode.window.createQuickPick);
  }
  const { window } = vscode as unknown as { window: Record<Asked, unknown> };
  window.createQuickPick = () => new AnsweredPick(reply);
}

/** Answers the quick pick for the format of a save by its label. */
export function answerFormat(label: string | undefined): void {
  answerPicks((items) => items.find((item) => item.label === label));
}

/** Stands in for a quick pick on screen: the reply comes once its items are there. */
class AnsweredPick {
  title = '';
  placeholder = '';
  matchOnDescription = false;
  busy = false;
  buttons: readonly unknown[] = [];
  activeItems: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  readonly #accepted = new vscode.EventEmitter<void>();
  readonly #itemButton = new vscode.EventEmitter<{ item: vscode.QuickPickItem }>();
  readonly #button = new vscode.EventEmitter<unknown>();
  readonly #hidden = new vscode.EventEmitter<void>();
  readonly #active = new vscode.EventEmitter<readonly vscode.QuickPickItem[]>();
  readonly onDidAccept = this.#accepted.event;
  readonly onDidTriggerItemButton = this.#itemButton.event;
  readonly onDidTriggerButton = this.#button.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidChangeActive = this.#active.event;
  readonly #reply: Parameters<typeof answerPicks>[0];

  constructor(reply: Parameters<typeof answerPicks>[0]) {
    this.#reply = reply;
  }

  set items(items: readonly vscode.QuickPickItem[]) {
    queueMicrotask(() => {
      const answered = this.#reply(items, this.title);
      if (answered === undefined) this.#hidden.fire();
      else if (answered === 'back') this.#button.fire(undefined);
      else if ('gear' in answered) this.#itemButton.fire({ item: answered.gear });
      else {
        this.selectedItems = [answered];
        this.#accepted.fire();
      }
    });
  }

  show(): void {
    // The reply comes with the items.
  }

  dispose(): void {
    // Nothing is on screen.
  }
}

/** Collects what a message said; nobody presses a button. */
export function listen(name: Asked): string[] {
  const said: string[] = [];
  answer(name, (text) => {
    said.push(String(text));
    return undefined;
  });
  return said;
}

let accepting: NodeJS.Timeout | undefined;

/** Presses Insert on every insert page that comes, until `restoreDialogs`. The titles of the pages. */
export function acceptInserts(answers: { onError?: 'continue' } = {}): string[] {
  const titles: string[] = [];
  const accept = async (): Promise<void> => {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    if (tab?.input instanceof vscode.TabInputWebview) {
      const isDone = await vscode.commands.executeCommand('rowhouse.acceptInsert', answers);
      if (isDone === true) titles.push(tab.label);
    }
    if (accepting) accepting = setTimeout(() => void accept(), 20);
  };
  accepting = setTimeout(() => void accept(), 20);
  return titles;
}

export function restoreDialogs(): void {
  clearTimeout(accepting);
  accepting = undefined;

  for (const [name, original] of originals) {
    (vscode.window as unknown as Record<Asked, unknown>)[name] = original;
  }
  originals.clear();
}

/** Presses Cancel of the next progress notification, when called and it is on screen. */
export function cancelLater(): () => Promise<void> {
  const cancel = new vscode.CancellationTokenSource();
  const { withProgress } = vscode.window;
  if (!originals.has('withProgress')) originals.set('withProgress', withProgress);
  const onScreen = new Promise<void>((resolve) => {
    const stub: typeof withProgress = (options, task) =>
      withProgress.call(vscode.window, options, (progress) => {
        const running = task(progress, cancel.token);
        resolve();
        return running;
      }) as ReturnType<typeof withProgress<never>>;
    (vscode.window as { withProgress: unknown }).withProgress = stub;
  });
  return async () => {
    await onScreen;
    cancel.cancel();
  };
}

/** Presses Cancel of a progress notification as soon as it says something that matches, and calls `said`. */
export function cancelWhen(pattern: RegExp, said: () => void = () => undefined): void {
  const { withProgress } = vscode.window;
  if (!originals.has('withProgress')) originals.set('withProgress', withProgress);
  const stub: typeof withProgress = (options, task) =>
    withProgress.call(vscode.window, options, (progress) => {
      const cancel = new vscode.CancellationTokenSource();
      const watched: typeof progress = {
        report: (step) => {
          progress.report(step);
          if (!pattern.test(step.message ?? '')) return;
          cancel.cancel();
          said();
        },
      };
      return task(watched, cancel.token);
    }) as ReturnType<typeof withProgress<never>>;
  (vscode.window as { withProgress: unknown }).withProgress = stub;
}
