import { type ProgressUpdate, withProgress } from '../progress.ts';

/** What runs on a connection and would end with it. */
export interface RunningTask {
  readonly kind: 'statement' | 'save' | 'insert';
  readonly title: string;
  /** What it has written by then stays when it is cancelled. */
  readonly writes: boolean;
  cancel(): void;
  /** Settles when it is over, however it ended; never rejects. */
  readonly done: Promise<void>;
}

export interface TaskOrigin extends Pick<RunningTask, 'title'> {
  readonly kind: 'save' | 'insert';
  /** Id of the connection. */
  readonly connection: string;
}

/** The saves and inserts of the window by their connections, so that none ends unasked with its connection. */
export class RunningTasks {
  readonly #tasks = new Map<RunningTask, string>();

  /** As `withProgress`; known as running on its connection until it has ended. */
  run<T>(
    { connection, kind, title }: TaskOrigin,
    work: (signal: AbortSignal, update: (update: ProgressUpdate) => void) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    const running = withProgress(title, (cancelled, update) =>
      work(AbortSignal.any([cancelled, abort.signal]), update),
    );
    const task: RunningTask = {
      kind,
      title,
      writes: kind === 'insert',
      cancel: () => {
        abort.abort();
      },
      done: running.then(
        () => undefined,
        () => undefined,
      ),
    };
    this.#tasks.set(task, connection);
    void task.done.then(() => this.#tasks.delete(task));
    return running;
  }

  /** What runs on a connection now. */
  on(connection: string): RunningTask[] {
    return [...this.#tasks].flatMap(([task, on]) => (on === connection ? [task] : []));
  }
}
