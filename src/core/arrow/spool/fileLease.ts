import { randomUUID } from 'node:crypto';
import { link, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A second name of a file, for a reader that opens it later than it is asked to. */
export interface FileLease {
  readonly path: string;
  /** Removes the name. Safe to call twice. */
  release(): Promise<void>;
}

/** `file()` of ClickHouse takes these for patterns, or for a file in an archive. */
const SPECIAL = /[*?{}]| :: /;

/**
 * Gives a file a name that stays when its owner deletes it (a hard link costs no space), and that ClickHouse's
 * `file()` takes literally.
 */
export async function leaseFile(file: string): Promise<FileLease> {
  const held = `${file}.${randomUUID()}`;
  // Not every file system has hard links. Without one, deleting the result in the meantime fails the reader.
  const isHeld = await link(file, held).then(
    () => true,
    () => false,
  );
  const name = isHeld ? held : file;
  const removeHeld = async (): Promise<void> => {
    if (isHeld) await rm(held, { force: true });
  };
  if (!SPECIAL.test(name)) return { path: name, release: removeHeld };
  const folder = await mkdtemp(path.join(tmpdir(), 'rowhouse-result-'));
  const plain = path.join(folder, 'result.arrows');
  await symlink(name, plain);
  return {
    path: plain,
    release: async () => {
      await rm(folder, { recursive: true, force: true });
      await removeHeld();
    },
  };
}
