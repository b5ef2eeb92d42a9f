import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCancelledError } from '../client/errors.ts';
import { cancelledHere } from './cancelled.ts';
import { fileError } from './fileErrors.ts';
import { guessInputFormat } from './formats.ts';
import { inspectFile } from './sourceFile.ts';

/** What is to be inserted: files, with folders replaced by what is in them. */
export interface InsertSources {
  /** In the order given; those of a folder by their path. */
  readonly files: readonly string[];
  /** Files in folders of which neither name nor bytes tell a format. */
  readonly others: readonly string[];
}

export interface LookingForFiles {
  readonly signal?: AbortSignal | undefined;
  /** A file that is opened now, since its name tells no format. */
  readonly onLook?: ((path: string) => void) | undefined;
}

/**
 * Replaces folders by the files in them, subfolders included, whose names tell a format, or whose bytes prove
 * one. Hidden files, and those that begin with `_` as Spark's `_SUCCESS`, are nobody's data and left out. Links
 * to folders are not followed: they may lead back.
 * @throws FileError if a folder cannot be read, CancelledError.
 */
export async function insertSources(
  paths: readonly string[],
  looking: LookingForFiles = {},
): Promise<InsertSources> {
  const files: string[] = [];
  const others: string[] = [];
  for (const path of paths) {
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    for (const found of await filesIn(path, looking)) {
      refuseCancelled(looking);
      ((await isData(found, looking)) ? files : others).push(found);
    }
  }
  return { files, others };
}

function refuseCancelled({ signal }: LookingForFiles): void {
  if (signal?.aborted === true) throw cancelledHere('Looking for files was cancelled.');
}

async function isData(path: string, { onLook }: LookingForFiles): Promise<boolean> {
  if (guessInputFormat(path)?.input === true) return true;
  onLook?.(path);
  return inspectFile(path, {}).then(
    () => true,
    () => false,
  );
}

/** What does not exist is told when its turn as a file comes. */
async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function filesIn(folder: string, looking: LookingForFiles): Promise<string[]> {
  refuseCancelled(looking);
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const found: string[] = [];
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (/^[._]/.test(entry.name)) continue;
      if (entry.isDirectory()) found.push(...(await filesIn(path, looking)));
      else found.push(path);
    }
    return found;
  } catch (error) {
    if (isCancelledError(error)) throw error;
    throw fileError(folder, `read ${folder}`, error);
  }
}
