import { constants, type Stats } from 'node:fs';
import {
  copyFile,
  type FileHandle,
  link,
  open,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileError } from '../client/errors.ts';
import type { PartialSave } from '../client/surface.ts';
import { fileError, systemCode } from './fileErrors.ts';

/** What may happen to a file that is there already. */
export type ExistingFile = 'refuse' | 'replace' | 'append';

const { COPYFILE_EXCL, COPYFILE_FICLONE, O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
const NEW_FILE_MODE = 0o666;
/** Appending: when someone cuts the file meanwhile, it ends too short instead of with a hole in it. */
const NEW_FILE = O_CREAT | O_EXCL | O_RDWR | O_APPEND;

/** What this process is writing, so that no two saves share a file. */
const inUse = new Set<string>();

type Identity = Pick<Stats, 'ino' | 'dev'>;

type LeftFile = Pick<PartialSave, 'path' | 'bytes' | 'modifiedMs'>;

/**
 * A file that gets its name only when it is whole: written as `<path>.partial` beside its target, then
 * put in place by one rename. Until then an existing target stays as it is.
 */
export class PartialFile {
  /** Absolute path of the finished file. */
  readonly path: string;
  readonly partialPath: string;
  /** Open for reading and writing. */
  readonly file: FileHandle;
  /** Bytes of the file that it began as a copy of. */
  readonly startBytes: number;
  /** Tells it from another file that someone put in its place. */
  readonly #identity: Identity;
  /** The file that it began as a copy of. */
  readonly #original: Stats | undefined;

  private constructor(path: string, start: OpenedPartial, created: Stats) {
    this.path = path;
    this.partialPath = partialPathOf(path);
    this.file = start.file;
    this.startBytes = created.size;
    this.#identity = created;
    this.#original = start.original;
  }

  /**
   * @param existing what may happen to a file that is there already; `append` starts with a copy of it.
   * @throws FileError when the target exists (code `EXISTS`), is being saved already (`BUSY`), is a
   *   folder, or cannot be written.
   */
  static async create(target: string, existing: ExistingFile): Promise<PartialFile> {
    const path = await realTarget(resolve(target));
    const mode = await checkTarget(path, existing !== 'refuse');
    const partialPath = partialPathOf(path);
    if (inUse.has(partialPath)) {
      throw new FileError(path, `${path} is being saved already.`, 'BUSY', {
        hint: 'Wait until that save ends, or choose another name.',
      });
    }
    inUse.add(partialPath);
    try {
      const isAppended = existing === 'append' && mode !== undefined;
      const start = isAppended
        ? await openCopy(path, partialPath)
        : { file: await openNew(partialPath) };
      if (mode !== undefined) await keepRights(start.file, mode);
      return new PartialFile(path, start, await start.file.stat());
    } catch (error) {
      inUse.delete(partialPath);
      throw await notCreated(path, error);
    }
  }

  /** Makes the bytes durable, checks them, and gives the file its name. @throws FileError */
  async commit(bytes: number, overwrite: boolean): Promise<void> {
    try {
      await this.file.sync();
      const named = await stat(this.partialPath);
      if (named.size !== bytes || !this.#isThis(named)) {
        throw new FileError(
          this.path,
          `${this.partialPath} was changed by someone else while it was written.`,
          'CHANGED',
          { hint: 'Save again under another name.' },
        );
      }
      await checkTarget(this.path, overwrite);
      await this.#checkOriginal();
      await this.file.close();
      if (overwrite) await rename(this.partialPath, this.path);
      else await renameNew(this.partialPath, this.path);
      inUse.delete(this.partialPath);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw error instanceof FileError ? error : fileError(this.path, `finish ${this.path}`, error);
    }
  }

  /** After a failure: drops what lies behind so many bytes. Never throws. */
  async cutTo(bytes: number): Promise<void> {
    try {
      const { size } = await this.file.stat();
      if (size > bytes) await this.file.truncate(bytes);
    } catch {
      // The error that led here says more.
    }
  }

  /**
   * After a failure: closes the file and removes it, unless it is to be kept and has anything new in it.
   * Never throws.
   * @returns the file that was kept, or could not be removed.
   */
  async discard(keep: boolean): Promise<LeftFile | undefined> {
    try {
      await this.file.close();
      const named = await stat(this.partialPath);
      if (!this.#isThis(named)) return undefined;
      const left = { path: this.partialPath, bytes: named.size, modifiedMs: named.mtimeMs };
      if (keep && named.size > this.startBytes) return left;
      return await rm(this.partialPath).then(
        () => undefined,
        () => left,
      );
    } catch {
      // It is gone already: the error that led here says more.
      return undefined;
    } finally {
      inUse.delete(this.partialPath);
    }
  }

  /** Rows that someone else added meanwhile would be lost. */
  async #checkOriginal(): Promise<void> {
    const original = this.#original;
    if (original === undefined) return;
    const now = await stat(this.path);
    if (isSameContent(now, original)) return;
    throw new FileError(
      this.path,
      `${this.path} was changed by someone else while rows were added to a copy of it. It stays as it is now.`,
      'CHANGED',
      { hint: 'Save again when nobody else writes to it.' },
    );
  }

  #isThis({ ino, dev }: Identity): boolean {
    return ino === this.#identity.ino && dev === this.#identity.dev;
  }
}

interface OpenedPartial {
  readonly file: FileHandle;
  readonly original?: Stats;
}

/** True while the file that a save left is there as it left it: a later save, of any program, makes another one. */
export async function isAsLeft({ path, bytes, modifiedMs }: LeftFile): Promise<boolean> {
  try {
    const { size, mtimeMs } = await stat(path);
    return size === bytes && mtimeMs === modifiedMs;
  } catch {
    return false;
  }
}

function partialPathOf(path: string): string {
  return `${path}.partial`;
}

function isSameContent(a: Stats, b: Stats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeMs === b.mtimeMs;
}

/** The new file gets the rights of the one it replaces, where the file system has such. */
async function keepRights(file: FileHandle, mode: number): Promise<void> {
  try {
    await file.chmod(mode);
  } catch {
    // Network and FAT file systems refuse it; the rows matter more.
  }
}

/** Through a symbolic link the file it points to is replaced, not the link. */
async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path;
    throw fileError(path, `write ${path}`, error);
  }
}

/** The mode of an existing target. @throws FileError when it must not be replaced. */
async function checkTarget(path: string, overwrite: boolean): Promise<number | undefined> {
  let existing;
  try {
    existing = await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw fileError(path, `write ${path}`, error);
  }
  if (existing.isDirectory()) {
    throw new FileError(path, `${path} is a folder.`, 'EISDIR', {
      hint: 'Give the name of a file.',
    });
  }
  if (!existing.isFile()) {
    throw new FileError(path, `${path} is not an ordinary file.`, 'SPECIAL', {
      hint: 'Choose another place.',
    });
  }
  if (!overwrite) throw existsAlready(path);
  return existing.mode;
}

function existsAlready(path: string): FileError {
  return new FileError(path, `${path} exists already.`, 'EXISTS', {
    hint: 'Choose another name, or allow overwriting.',
  });
}

/** As `rename`, but never replaces a file that someone made a moment ago. @throws FileError `EXISTS` */
async function renameNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw existsAlready(to);
    // Not every file system gives a file two names.
    await rename(from, to);
    return;
  }
  await rm(from);
}

/** Special places such as /proc take no files, and say ENOENT although the folder is there. */
async function notCreated(path: string, error: unknown): Promise<FileError> {
  const folder = dirname(path);
  if (systemCode(error) === 'ENOENT' && (await isFolder(folder))) {
    return new FileError(path, `${path} cannot be written: ${folder} takes no files.`, 'ENOENT', {
      cause: error,
      hint: 'Choose another place.',
    });
  }
  return fileError(path, `write ${path}`, error);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** A leftover of an earlier save is replaced by a new file, so that two writers never share one. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, NEW_FILE, NEW_FILE_MODE);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await rm(path);
    return await open(path, NEW_FILE, NEW_FILE_MODE);
  }
}

/** File systems that share blocks between files make the copy without moving a byte. */
async function openCopy(path: string, copy: string): Promise<OpenedPartial> {
  await rm(copy, { force: true });
  const original = await stat(path);
  await copyFile(path, copy, COPYFILE_EXCL | COPYFILE_FICLONE);
  try {
    return { file: await open(copy, O_APPEND | O_RDWR), original };
  } catch (error) {
    await rm(copy, { force: true });
    throw error;
  }
}

/** So that the new name survives a power cut; not every system can do it, and none needs it to be right. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // See above.
  }
}
