import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { answers } from './probe.ts';

export type EngineState = 'stopped' | 'starting' | 'running';

/** What listeners are told. `crashed` carries the child's last words. */
export type EngineEvent =
  | { type: 'starting' }
  | { type: 'running'; engine: Engine }
  | { type: 'stopped' }
  | { type: 'crashed'; output: string };

/**
 * Owns the one local engine of a window: starts it at the first need, notices when it dies, starts it anew
 * at the next need. Sessions live inside the process, so `generation` tells their owners that they are gone.
 */
export class EngineSupervisor {
  readonly #start: (signal: AbortSignal) => Promise<Engine>;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #starting: Promise<Engine> | undefined;
  #engine: Engine | undefined;
  #abort: AbortController | undefined;
  #generation = 0;

  constructor(start: (signal: AbortSignal) => Promise<Engine>) {
    this.#start = start;
  }

  get state(): EngineState {
    if (this.#engine) return 'running';
    return this.#starting ? 'starting' : 'stopped';
  }

  /** Counts the starts. A session made under another number is lost. */
  get generation(): number {
    return this.#generation;
  }

  /** The running engine, without starting one. */
  get engine(): Engine | undefined {
    return this.#engine;
  }

  /** Returns a function that ends the subscription. */
  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The running engine, started if need be; callers at the same moment share one start.
   * @throws EngineError when it cannot be started; the next call tries again.
   */
  async ensureStarted(): Promise<Engine> {
    if (this.#engine && (await isAlive(this.#engine))) return this.#engine;
    this.#starting ??= this.#startOne();
    return this.#starting;
  }

  /** Stops a running engine and calls off a start. Idempotent. */
  async stop(): Promise<void> {
    this.#abort?.abort();
    await this.#starting?.catch(() => undefined);
    await this.#engine?.stop();
  }

  async #startOne(): Promise<Engine> {
    const abort = new AbortController();
    this.#abort = abort;
    this.#tell({ type: 'starting' });
    try {
      const engine = await this.#start(abort.signal);
      this.#engine = engine;
      this.#generation += 1;
      void engine.exited.then((exit) => {
        this.#engine = undefined;
        this.#tell(
          exit.unexpected ? { type: 'crashed', output: exit.output } : { type: 'stopped' },
        );
      });
      this.#tell({ type: 'running', engine });
      return engine;
    } catch (error) {
      this.#tell({ type: 'stopped' });
      throw error;
    } finally {
      this.#starting = undefined;
      this.#abort = undefined;
    }
  }

  #tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const ANSWER_MS = 1_000;
const END_MS = 2_000;

/**
 * A process that was just killed may still look alive: its end is reported a moment later. One that does not
 * answer and does not end either is only busy.
 */
async function isAlive(engine: Engine): Promise<boolean> {
  if (await answers(engine.endpoint, ANSWER_MS)) return true;
  const ended = engine.exited.then(() => false);
  return Promise.race([ended, delay(END_MS, true, { ref: false })]);
}
