import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { endOwnership, isOwned, ownerEnds, takeOwnership } from './folderOwner.ts';
import { type KeptFile, keptIn, linkResult, newestOfEach } from './keptFiles.ts';
import type { KeptResult } from './keptResult.ts';

const PREFIX = 'results-';
const DAY_MS = 86_400_000;

/** What a window remembers from one start to the next. */
export interface FolderMemory {
  get(): readonly string[];
  set(names: readonly string[]): Promise<void>;
}

export interface ResultFolderOptions {
  /** A folder of the extension's own storage: a temporary folder may be held in memory. */
  parent: string;
  /** Where windows of before may have left folders. */
  earlier:
    | {
        /** Folders like `parent` that hold nothing but results of this workspace. */
        readonly parents: readonly string[];
      }
    | {
        /** Names in `parent`, which windows without a workspace share: what one left may be for another to restore. */
        readonly memory: FolderMemory;
      };
}

type Found = (kept: KeptResult) => Promise<void>;

/**
 * The folder of this process for the rows of results, made at the first need. Takes over what this window kept
 * before it was loaded again, and removes what windows that crashed have left; never what belongs to a process that lives.
 */
export class ResultFolder {
  readonly #options: ResultFolderOptions;
  readonly #name = `${PREFIX}${randomUUID()}`;
  #ready: Promise<string> | undefined;
  /** Full paths. */
  #earlier: readonly string[] = [];
  /** Ids. */
  readonly #taken = new Set<string>();
  /** Why not all could be taken from a folder. */
  readonly #failed = new Map<string, unknown>();

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
   * @throws why not all of one folder could be taken over; it stays, and all that can be is taken
   */
  async takeOver(found: Found): Promise<void> {
    await this.#path();
    const all = await Promise.all(this.#earlier.map(keptIn));
    await this.#take(newestOfEach(all.flat()), found);
    const isDone = await Promise.all(this.#earlier.map((folder) => this.#finish(folder, found)));
    await this.#remember(this.#earlier.filter((_, i) => isDone[i] !== true));
    await this.#removeOld();
    for (const error of this.#failed.values()) throw error;
  }

  /** The full path of a kept result's file. */
  async fileOf({ file }: KeptResult): Promise<string | undefined> {
    return file === undefined ? undefined : path.join(await this.#path(), file);
  }

  /** Lets go of the folder: another process may take it over. */
  async release(): Promise<void> {
    if (this.#ready) await endOwnership(await this.#ready);
  }

  #path(): Promise<string> {
    this.#ready ??= this.#make();
    return this.#ready;
  }

  async #make(): Promise<string> {
    const { parent } = this.#options;
    // The folder gets its name with its owner in it: one without an owner belongs to nobody.
    const draft = path.join(parent, `new-${this.#name}`);
    const folder = path.join(parent, this.#name);
    await mkdir(draft, { recursive: true });
    await takeOwnership(draft);
    await rename(draft, folder);
    this.#earlier = (await this.#found()).filter((other) => other !== folder);
    await this.#remember(this.#earlier);
    return folder;
  }

  async #found(): Promise<string[]> {
    const { parent, earlier } = this.#options;
    if ('memory' in earlier) return foldersIn(parent, earlier.memory.get());
    const parents = [...new Set([parent, ...earlier.parents])];
    const names = await Promise.all(parents.map((each) => readdir(each).catch(() => [])));
    return parents.flatMap((each, i) => foldersIn(each, names[i] ?? []));
  }

  async #take(files: readonly KeptFile[], found: Found): Promise<void> {
    const own = await this.#path();
    for (const file of files) {
      const { id } = file.kept.snapshot;
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      try {
        if (await linkResult(file, own)) await found(file.kept);
      } catch (error) {
        this.#failed.set(file.folder, error);
      }
    }
  }

  /** @returns false when the folder stays: it still has an owner, or something in it could not be taken */
  async #finish(folder: string, found: Found): Promise<boolean> {
    const hasEnded = await ownerEnds(folder);
    // Its last results are written down when it ends.
    await this.#take(await keptIn(folder), found);
    if (!hasEnded || this.#failed.has(folder)) return false;
    try {
      await rm(folder, { recursive: true, force: true });
      return true;
    } catch (error) {
      this.#failed.set(folder, error);
      return false;
    }
  }

  async #remember(left: readonly string[]): Promise<void> {
    const { earlier } = this.#options;
    if (!('memory' in earlier)) return;
    await earlier.memory.set([this.#name, ...left.map((folder) => path.basename(folder))]);
  }

  /** What nobody has come back for in the storage that windows share. */
  async #removeOld(): Promise<void> {
    const { parent, earlier } = this.#options;
    if (!('memory' in earlier)) return;
    const kept = earlier.memory.get();
    for (const folder of foldersIn(parent, await readdir(parent))) {
      if (kept.includes(path.basename(folder)) || (await isOwned(folder))) continue;
      if ((await ageOf(folder)) >= DAY_MS) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** What is remembered comes from outside: it must not lead anywhere else. */
function foldersIn(parent: string, names: readonly unknown[]): string[] {
  return names
    .filter((name) => typeof name === 'string')
    .filter((name) => /^results-[0-9a-f-]+$/.test(name))
    .map((name) => path.join(parent, name));
}

async function ageOf(folder: string): Promise<number> {
  const { mtimeMs } = await stat(folder);
  return Date.now() - mtimeMs;
}
