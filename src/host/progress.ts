import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';

export interface ProgressUpdate {
  readonly message: string;
  /** 0 to 1, where the whole is known. */
  readonly fraction?: number | undefined;
}

type Update = (update: ProgressUpdate) => void;

/**
 * VS Code shows a progress for 0.8 s at least and drops the fourth notification within 0.8 s without a word: with
 * one for each short step, the message that tells the outcome of several was never shown.
 */
const SHOWN_AFTER_MS = 300;
const SHOWN_EVERY_MS = 250;

/**
 * Runs a task; one that takes longer than a moment stands under a notification with Cancel until it ends. `update`
 * may be called as often as the task likes: what is shown changes at most four times a second.
 */
export async function withProgress<T>(
  title: string,
  task: (signal: AbortSignal, update: Update) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  let latest: ProgressUpdate | undefined;
  let show: Update = (update) => {
    latest = update;
  };
  const running = task(abort.signal, (update) => {
    show(update);
  });
  if (await endsWithin(running, SHOWN_AFTER_MS)) return running;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title,
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancel = (): void => {
      abort.abort();
    };
    const subscription = token.onCancellationRequested(cancel);
    if (token.isCancellationRequested) cancel();
    show = shownIn(progress);
    if (latest !== undefined) show(latest);
    try {
      return await running;
    } finally {
      subscription.dispose();
    }
  });
}

async function endsWithin(running: Promise<unknown>, ms: number): Promise<boolean> {
  const stop = new AbortController();
  const ended = running.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, delay(ms, false, { signal: stop.signal })]);
  } finally {
    stop.abort();
  }
}

function shownIn(progress: vscode.Progress<{ message?: string; increment?: number }>): Update {
  let shownAt = 0;
  let shownPercent = 0;
  return ({ message, fraction }) => {
    const now = performance.now();
    if (now - shownAt < SHOWN_EVERY_MS) return;
    shownAt = now;
    const percent = Math.min(100, Math.floor((fraction ?? 0) * 100));
    progress.report({
      message,
      ...(percent > shownPercent && { increment: percent - shownPercent }),
    });
    shownPercent = Math.max(percent, shownPercent);
  };
}
