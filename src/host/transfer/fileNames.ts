import path from 'node:path';
import { countOf } from '../../shared/humanNumbers.ts';

/** Characters that some file system refuses in a name. */
const UNSAFE = /[<>:"/\\|?*\u0000-\u001f]/g;

/** A file name for the result of a statement in this document, for example `tour.csv`. */
export function resultFileName(
  documentPath: string | undefined,
  suffix: string | undefined,
): string {
  const base = path.posix.basename(documentPath ?? '').replace(/(\.ch)?\.\w+$/, '');
  const name = base.replace(UNSAFE, '_').trim();
  const stem = name === '' ? 'result' : name;
  return suffix === undefined ? stem : `${stem}.${suffix}`;
}

/** The last part of a dropped file's name, which comes from outside and must stay inside one folder. */
export function safeFileName(name: string): string {
  const base = name.replace(/^.*[\\/]/, '').replace(UNSAFE, '_');
  return base === '' || base === '.' || base === '..' ? 'file' : base;
}

/** Files of an insert, for people. */
export function fileNames(sources: readonly string[]): string {
  const [first = '', ...others] = sources;
  return others.length === 0 ? path.basename(first) : countOf(sources.length, 'file');
}
