import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packVsix } from '../../scripts/package.mjs';

let packed: Promise<{ file: string; size: number }> | undefined;

/** The VSIX of this checkout, made once for all tests of the run. */
export function vsix(folder: string): Promise<{ file: string; size: number }> {
  packed ??= packVsix(folder);
  return packed;
}

/** Relative names of all files under a folder. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}
