import { constants } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FileError } from '../client/errors.ts';
import { fileError, systemCode } from './fileErrors.ts';

const { O_CREAT, O_EXCL, O_WRONLY } = constants;
const NEW_FILE_MODE = 0o666;

/**
 * A file that gets its name only when it is whole: written as `<path>.partial` beside its target, then
 * put in place by one rename. Until then an existing target stays as it is.
 */
export class PartialFile {
  /** Absolute path of the finished file. */
  readonly path: string;
  readonly partialPath: string;
  readonly file: FileHandle;

  private constructor(path: string, partialPath: string, file: FileHandle) {
    this.path = path;
    this.partialPath = partialPath;
    this.file = file;
  }

  /** @throws FileError when the target exists (code `EXISTS`), is a folder, or cannot be written. */
  static async create(target: string, overwrite: boolean): Promise<PartialFile> {
    const path = await realTarget(resolve(target));
    const mode = await checkTarget(path, overwrite);
    const partialPath = `${path}.partial`;
    try {
      const file = await openNew(partialPath);
      // The new file keeps the rights of the one it replaces.
      if (mode !== undefined) await file.chmod(mode);
      return new PartialFile(path, partialPath, file);
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

  /** After a failure: closes the file and removes it, unless it is to be kept. Never throws. */
  async discard(keep: boolean): Promise<void> {
    try {
      const own = await this.file.stat();
      await this.file.close();
      if (keep) return;
      const named = await stat(this.partialPath);
      if (named.ino === own.ino && named.dev === own.dev) await rm(this.partialPath);
    } catch {
      // It is gone already, or cannot be removed: the error that led here says more.
    }
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
    return await open(path, O_CREAT | O_EXCL | O_WRONLY, NEW_FILE_MODE);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    await rm(path);
    return await open(path, O_CREAT | O_EXCL | O_WRONLY, NEW_FILE_MODE);
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
