import * as vscode from 'vscode';

/** The questions that a test may answer. */
type Asked =
  | 'showInputBox'
  | 'showQuickPick'
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

/** Collects what a message said; nobody presses a button. */
export function listen(name: Asked): string[] {
  const said: string[] = [];
  answer(name, (text) => {
    said.push(String(text));
    return undefined;
  });
  return said;
}

export function restoreDialogs(): void {
  for (const [name, original] of originals) {
    (vscode.window as unknown as Record<Asked, unknown>)[name] = original;
  }
  originals.clear();
}

/** Presses Cancel of a progress notification as soon as it says something that matches. */
export function cancelWhen(pattern: RegExp): void {
  const { withProgress } = vscode.window;
  if (!originals.has('withProgress')) originals.set('withProgress', withProgress);
  const stub: typeof withProgress = (options, task) =>
    withProgress.call(vscode.window, options, (progress) => {
      const cancel = new vscode.CancellationTokenSource();
      const watched: typeof progress = {
        report: (step) => {
          progress.report(step);
          if (pattern.test(step.message ?? '')) cancel.cancel();
        },
      };
      return task(watched, cancel.token);
    }) as ReturnType<typeof withProgress<never>>;
  (vscode.window as { withProgress: unknown }).withProgress = stub;
}
