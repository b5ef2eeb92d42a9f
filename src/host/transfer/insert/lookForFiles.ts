import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type InsertSources, insertSources } from '../../../core/transfer/insertSources.ts';
import { withProgress } from '../../progress.ts';
import { fileNames } from '../fileNames.ts';

async function isFolder(source: string): Promise<boolean> {
  return stat(source).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** The files of what was given. A folder may hold very many, so looking into one can be cancelled. */
export async function lookForFiles(sources: readonly string[]): Promise<InsertSources> {
  const areFolders = await Promise.all(sources.map(isFolder));
  if (!areFolders.includes(true)) return insertSources(sources);
  return withProgress(`Looking for files in ${fileNames(sources)}`, (signal, update) =>
    insertSources(sources, {
      signal,
      onLook: (file) => {
        update({ message: path.basename(file) });
      },
    }),
  );
}
