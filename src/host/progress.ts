import * as vscode from 'vscode';

export interface ProgressUpdate {
  readonly message: string;
  /** 0 to 1, where the whole is known. */
  readonly fraction?: number | undefined;
}

/**
 * Runs a task under a notification with Cancel. `update` may be called as often as the task likes: what is
 * shown changes at most four times a second.
 */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, update: (update: ProgressUpdate) => void) => Promise<T>,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      abort.abort();
    });
    let shownAt = 0;
    let shownPercent = 0;
    const update = ({ message, fraction }: ProgressUpdate): void => {
      const now = performance.now();
      if (now - shownAt < 250) return;
      shownAt = now;
      const percent = Math.min(100, Math.floor((fraction ?? 0) * 100));
      progress.report({
        message,
        ...(percent > shownPercent && { increment: percent - shownPercent }),
      });
      shownPercent = Math.max(percent, shownPercent);
    };
    try {
      return await task(abort.signal, update);
    } finally {
      subscription.dispose();
    }
  });
}
