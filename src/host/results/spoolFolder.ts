import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

const PREFIX = 'results-';

/** The folder of this process for the rows of results; made at the first need. */
export class SpoolFolder {
  readonly #parent: string;
  readonly #folder: string;
  #ready: Promise<string> | undefined;

  /** @param parent a folder of the extension's own storage: a temporary folder may be held in memory. */
  constructor(parent: string) {
    this.#parent = parent;
    this.#folder = path.join(parent, `${PREFIX}${String(process.pid)}`);
  }

  path(): Promise<string> {
    this.#ready ??= this.#make();
    return this.#ready;
  }

  async remove(): Promise<void> {
    if (this.#ready) await rm(this.#folder, { recursive: true, force: true });
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true });
    for (const name of await readdir(this.#parent)) {
      const pid = Number(name.slice(PREFIX.length));
      // A window that was killed leaves its rows behind.
      if (name.startsWith(PREFIX) && !isAlive(pid)) {
        await rm(path.join(this.#parent, name), { recursive: true, force: true });
      }
    }
    await mkdir(this.#folder, { recursive: true });
    return this.#folder;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
