import { constants } from 'node:fs';
import { copyFile, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileError } from '../client/errors.ts';
import { fileError, systemCode } from './fileErrors.ts';

/** What may happen to a file that is there already. */
export type ExistingFile = 'refuse' | 'replace' | 'append';

const { COPYFILE_EXCL, COPYFILE_FICLONE, O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
const NEW_FILE_MODE = 0o666;

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

  private constructor(path: string, partialPath: string, file: FileHandle, startBytes: number) {
    this.path = path;
    this.partialPath = partialPath;
    this.file = file;
    this.startBytes = startBytes;
  }

  /**
   * @param existing what may happen to a file that is there already; `append` starts with a copy of it.
   * @throws FileError when the target exists (code `EXISTS`), is a folder, or cannot be written.
   */
  static async create(target: string, existing: ExistingFile): Promise<PartialFile> {
    const path = await realTarget(resolve(target));
    const mode = await checkTarget(path, existing !== 'refuse');
    const partialPath = `${path}.partial`;
    try {
      const isAppended = existing === 'append' && mode !== undefined;
      const file = isAppended ? await openCopy(path, partialPath) : await openNew(partialPath);
      // The new file keeps the rights of the one it replaces.
      if (mode !== undefined) await file.chmod(mode);
      return new PartialFile(path, partialPath, file, (await file.stat()).size);
    } catch (error) {
      throw await notCreated(path, error);
    }
  }

  /** Makes the bytes durable, checks them, and gives the file its name. @throws FileError */
  async commit(bytes: number, overwrite: boolean): Promise<void> {
    try {
      await this.file.sync();
      const written = await this.file.stat();
      const named = await stat(this.partialPath);
      if (written.size !== bytes || named.ino !== written.ino || named.dev !== written.dev) {
        throw new FileError(
          this.path,
          `${this.partialPath} was changed by someone else while it was written.`,
          'CHANGED',
          { hint: 'Save again under another name.' },
        );
      }
      await checkTarget(this.path, overwrite);
      await this.file.close();
      await rename(this.partialPath, this.path);
      await syncFolder(dirname(this.path));
    } catch (error) {
      throw error instanceof FileError ? error : fileError(this.path, `finish ${this.path}`, error);
    }
  }

  /**
   * After a failure: closes the file and removes it, unless it is to be kept and has anything new in it.
   * Never throws.
   * @returns the file that was kept.
   */
  async discard(keep: boolean): Promise<{ path: string; bytes: number } | undefined> {
    try {
      const own = await this.file.stat();
      await this.file.close();
      if (keep && own.size > this.startBytes) return { path: this.partialPath, bytes: own.size };
      const named = await stat(this.partialPath);
      if (named.ino === own.ino && named.dev === own.dev) await rm(this.partialPath);
    } catch {
      // It is gone already, or cannot be removed: the error that led here says more.
    }
    return undefined;
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
  if (!overwrite) {
    throw new FileError(path, `${path} exists already.`, 'EXISTS', {
      hint: 'Choose another name, or allow overwriting.',
    });
  }
  return existing.mode;
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
    return await open(path, O_CREAT | O_EXCL | O_RDWR, NEW_FILE_MODE);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await rm(path);
    return await open(path, O_CREAT | O_EXCL | O_RDWR, NEW_FILE_MODE);
  }
}

/** File systems that share blocks between files make the copy without moving a byte. */
async function openCopy(path: string, copy: string): Promise<FileHandle> {
  await rm(copy, { force: true });
  await copyFile(path, copy, COPYFILE_EXCL | COPYFILE_FICLONE);
  return await open(copy, O_APPEND | O_RDWR);
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
