import { constants, copyFile, link, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { KeptResult } from './keptResult.ts';

/** A result that is written down in a folder. */
export interface KeptFile {
  readonly kept: KeptResult;
  readonly folder: string;
  readonly writtenMs: number;
}

/** The results that are written down in a folder, in the order of their tabs. One that cannot be read costs no other. */
export async function keptIn(folder: string): Promise<KeptFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const found: KeptFile[] = [];
  const { parseKept } = await import('./keptResult.ts');
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    const file = path.join(folder, name);
    const kept = parseKept(await readFile(file, 'utf8').catch(() => ''));
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: 0 }));
    if (kept) found.push({ kept, folder, writtenMs: mtimeMs });
  }
  return found.sort(byTab);
}

/** Where several folders have the same result, the one that was written down last: with the last sort, and the last pin. */
export function newestOfEach(files: readonly KeptFile[]): KeptFile[] {
  const newest = new Map<string, KeptFile>();
  for (const file of [...files].sort((a, b) => a.writtenMs - b.writtenMs)) {
    newest.set(file.kept.snapshot.id, file);
  }
  return [...newest.values()].sort(byTab);
}

/** False when its rows are gone: there is nothing to show then. */
export async function linkResult({ kept, folder }: KeptFile, to: string): Promise<boolean> {
  const names = [`${kept.snapshot.id}.json`, ...(kept.file === undefined ? [] : [kept.file])];
  try {
    for (const name of names.reverse()) {
      const [source, target] = [path.join(folder, name), path.join(to, name)];
      // Not every file system has hard links.
      await link(source, target).catch(() => copyFile(source, target, constants.COPYFILE_FICLONE));
    }
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

const byTab = (a: KeptFile, b: KeptFile): number => a.kept.endedAt - b.kept.endedAt;
