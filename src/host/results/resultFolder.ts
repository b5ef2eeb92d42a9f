import { randomUUID } from 'node:crypto';
import {
  constants,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeptResult } from './keptResult.ts';

const PREFIX = 'results-';
/** Holds the id of the process that a folder belongs to. */
const OWNER = 'owner';
/** A process that ends with its window writes its last results down within this time. */
const OWNER_WAIT_MS = 30_000;
const OWNER_POLL_MS = 200;
const DAY_MS = 86_400_000;

/** What a window remembers from one start to the next. */
export interface FolderMemory {
  get(): readonly string[];
  set(names: readonly string[]): Promise<void>;
}

export interface ResultFolderOptions {
  /** A folder of the extension's own storage: a temporary folder may be held in memory. */
  parent: string;
  /**
   * Names of this window's folders, for windows without a workspace: they share one storage, so that what one left may
   * be for another to restore. Undefined: all that is in `parent` is this workspace's own, even when VS Code crashed
   * before it wrote down what it was to remember.
   */
  memory?: FolderMemory;
}

/**
 * The folder of this process for the rows of results, made at the first need. Takes over what this window kept
 * before it was loaded again, and removes what windows that crashed have left; never what belongs to a process that lives.
 */
export class ResultFolder {
  readonly #options: ResultFolderOptions;
  readonly #name = `${PREFIX}${randomUUID()}`;
  #ready: Promise<string> | undefined;
  #earlier: readonly string[] = [];
  /** Ids: a process that crashed while it took over has left the same result in two folders. */
  readonly #taken = new Set<string>();

  constructor(options: ResultFolderOptions) {
    this.#options = options;
  }

  /** A file that does not exist yet, for the rows of one result. */
  async newFile(): Promise<string> {
    return path.join(await this.#path(), `${randomUUID()}.arrows`);
  }

  /** Writes down an ended result, so that a later process can show it. */
  async keep(kept: KeptResult): Promise<void> {
    const file = path.join(await this.#path(), `${kept.snapshot.id}.json`);
    await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  /** The result is gone. */
  async drop(id: string): Promise<void> {
    if (this.#ready) await rm(path.join(await this.#ready, `${id}.json`), { force: true });
  }

  /**
   * Gives the results that this window kept, one by one, with their files in the folder of now. The process of before
   * may live on for minutes after the window was loaded again, so its files are linked and stay where they are until
   * it has ended. Call it once.
   * @throws what the first folder threw that could not be taken over, once all others were
   */
  async takeOver(found: (kept: KeptResult) => Promise<void>): Promise<void> {
    await this.#path();
    const ends = await Promise.allSettled(this.#earlier.map((name) => this.#takeFrom(name, found)));
    const left = this.#earlier.filter((_, i) => {
      const end = ends[i];
      return end?.status === 'rejected' || end?.value === true;
    });
    await this.#options.memory?.set([this.#name, ...left]);
    await this.#removeLeftovers();
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** The full path of a kept result's file. */
  async fileOf({ file }: KeptResult): Promise<string | undefined> {
    return file === undefined ? undefined : path.join(await this.#path(), file);
  }

  /** Lets go of the folder: another process may take it over. */
  async release(): Promise<void> {
    if (this.#ready) await rm(path.join(await this.#ready, OWNER), { force: true });
  }

  #path(): Promise<string> {
    this.#ready ??= this.#make();
    return this.#ready;
  }

  async #make(): Promise<string> {
    const { parent, memory } = this.#options;
    // The folder gets its name with its owner in it: one without an owner belongs to nobody.
    const draft = path.join(parent, `new-${this.#name}`);
    const folder = path.join(parent, this.#name);
    await mkdir(draft, { recursive: true });
    await writeFile(path.join(draft, OWNER), String(process.pid));
    await rename(draft, folder);
    const names = memory ? memory.get() : await readdir(parent);
    this.#earlier = names.filter((name) => isFolderName(name) && name !== this.#name);
    await memory?.set([this.#name, ...this.#earlier]);
    return folder;
  }

  /** @returns true when the folder still has an owner */
  async #takeFrom(name: string, found: (kept: KeptResult) => Promise<void>): Promise<boolean> {
    const own = await this.#path();
    const folder = path.join(this.#options.parent, name);
    const take = async (): Promise<void> => {
      for (const kept of await keptIn(folder)) {
        const { id } = kept.snapshot;
        if (this.#taken.has(id)) continue;
        this.#taken.add(id);
        if (await linkResult(kept, folder, own)) await found(kept);
      }
    };
    await take();
    const isAlive = !(await ownerEnds(folder));
    // Its last results are written down when it ends.
    await take();
    if (!isAlive) await rm(folder, { recursive: true, force: true });
    return isAlive;
  }

  /** In the storage that windows share: nobody has come back for them. */
  async #removeLeftovers(): Promise<void> {
    const { parent, memory } = this.#options;
    if (!memory) return;
    for (const name of await readdir(parent)) {
      const folder = path.join(parent, name);
      if (!name.startsWith(PREFIX) || name === this.#name || (await isOwned(folder))) continue;
      if ((await ageOf(folder)) < DAY_MS) continue;
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What is remembered comes from outside: it must not lead anywhere else. */
const isFolderName = (name: unknown): name is string =>
  typeof name === 'string' && /^results-[0-9a-f-]+$/.test(name);

/** Waits for the process of before to end; false when it lives on, as another window of the same workspace. */
async function ownerEnds(folder: string): Promise<boolean> {
  for (let waited = 0; waited < OWNER_WAIT_MS; waited += OWNER_POLL_MS) {
    if (!(await isOwned(folder))) return true;
    await delay(OWNER_POLL_MS);
  }
  return false;
}

async function isOwned(folder: string): Promise<boolean> {
  const pid = Number(await readFile(path.join(folder, OWNER), 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 && (pid === process.pid || isAlive(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function ageOf(folder: string): Promise<number> {
  const { mtimeMs } = await stat(folder);
  return Date.now() - mtimeMs;
}

async function keptIn(folder: string): Promise<KeptResult[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const found: KeptResult[] = [];
  const { parseKept } = await import('./keptResult.ts');
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    // One that cannot be read costs no other.
    const kept = parseKept(await readFile(path.join(folder, name), 'utf8').catch(() => ''));
    if (kept) found.push(kept);
  }
  return found.sort((a, b) => a.endedAt - b.endedAt);
}

/** False when its rows are gone: there is nothing to show then. */
async function linkResult(kept: KeptResult, from: string, to: string): Promise<boolean> {
  const names = [`${kept.snapshot.id}.json`, ...(kept.file === undefined ? [] : [kept.file])];
  try {
    for (const name of names.reverse()) {
      const [source, target] = [path.join(from, name), path.join(to, name)];
      // Not every file system has hard links.
      await link(source, target).catch(() => copyFile(source, target, constants.COPYFILE_FICLONE));
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
