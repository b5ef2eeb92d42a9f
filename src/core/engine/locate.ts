import { execFile } from 'node:child_process';
import { access, constants, readFile, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from './errors.ts';

/** A ClickHouse that can be the local engine. */
export type EngineProgram =
  | { kind: 'binary'; path: string }
  /** `ffi` is the module file of `ffi-rs`, which loads the library. */
  | { kind: 'library'; path: string; ffi: string };

export interface FoundEngine {
  program: EngineProgram;
  /** Where it came from, for messages. */
  origin: 'setting' | 'path' | 'bundled' | 'installed';
}

export interface LocateOptions {
  /** The setting `rowhouse.engine.path`: a `clickhouse` binary or a `libchdb` file. Empty means not set. */
  settingPath: string;
  /** The `PATH` to search. */
  searchPath: string;
  /** Folders whose `node_modules` may hold `chdb`: the extension's own. */
  bundledRoot: string;
  /** The folder into which `rowhouse.installLocalEngine` installs. */
  installedRoot: string;
}

/** The first release whose `clickhouse local` can open listeners (`SYSTEM START LISTEN`). */
const OLDEST: readonly [number, number] = [26, 6];

/** True for `ClickHouse local version 26.7.2.1.` and newer; false for older ones and other texts. */
export function isUsableVersion(output: string): boolean {
  const match = /version (\d+)\.(\d+)/.exec(output);
  if (!match) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

const execFileText = promisify(execFile);

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function usableBinary(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return isUsableVersion(
      (await execFileText(file, ['local', '--version'], { timeout: 10_000 })).stdout,
    );
  } catch {
    return false;
  }
}

function isLibrary(file: string): boolean {
  return /\.(so|dylib)$/.test(file);
}

/** The folder in which `name` is installed as seen from `root`, or undefined. */
function resolvePackage(root: string, name: string): string | undefined {
  try {
    const require = createRequire(path.join(root, 'package.json'));
    return path.dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function moduleFile(folder: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const main =
    typeof manifest === 'object' && manifest !== null && 'main' in manifest ? manifest.main : '';
  return path.join(folder, typeof main === 'string' && main !== '' ? main : 'index.js');
}

async function ffiModule(...roots: string[]): Promise<string | undefined> {
  for (const root of roots) {
    const folder = resolvePackage(root, 'ffi-rs');
    if (folder !== undefined) return moduleFile(folder);
  }
  return undefined;
}

/** Name of the package that carries the library for this machine, or undefined where there is none. */
function libraryPackage(platform = process.platform, arch = process.arch): string | undefined {
  if (arch !== 'x64' && arch !== 'arm64') return undefined;
  if (platform === 'darwin') return `@chdb/lib-darwin-${arch}`;
  if (platform === 'linux') return `@chdb/lib-linux-${arch}-gnu`;
  return undefined;
}

/** The `chdb` library installed under `root` (its own `node_modules` or that of a folder above). */
async function libraryUnder(root: string): Promise<EngineProgram | undefined> {
  const name = libraryPackage();
  const folder = name === undefined ? undefined : resolvePackage(root, name);
  const ffi = await ffiModule(root);
  if (folder === undefined || ffi === undefined) return undefined;
  for (const file of ['libchdb.so', 'libchdb.dylib']) {
    const library = path.join(folder, file);
    if (await isFile(library)) return { kind: 'library', path: library, ffi };
  }
  return undefined;
}

async function fromSetting(options: LocateOptions): Promise<FoundEngine> {
  const file = options.settingPath;
  const refuse = (why: string): EngineError =>
    new EngineError(
      'engineNotFound',
      `The setting "rowhouse.engine.path" names ${file}, but ${why}.`,
      'Correct the setting, or clear it to let Rowhouse look for ClickHouse by itself.',
    );
  if (!(await isFile(file))) throw refuse('there is no such file');
  if (isLibrary(file)) {
    const { bundledRoot, installedRoot } = options;
    const ffi = await ffiModule(path.dirname(file), bundledRoot, installedRoot);
    if (ffi === undefined)
      throw refuse('a library can only be loaded after "Install Local ClickHouse"');
    return { program: { kind: 'library', path: await realpath(file), ffi }, origin: 'setting' };
  }
  if (!(await usableBinary(file))) {
    throw refuse(`it is not a ClickHouse ${OLDEST.join('.')} or newer that can be run`);
  }
  return { program: { kind: 'binary', path: file }, origin: 'setting' };
}

async function fromPath(searchPath: string): Promise<FoundEngine | undefined> {
  for (const folder of searchPath.split(path.delimiter)) {
    // A relative entry would let a workspace folder supply the program.
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, 'clickhouse');
    if (await usableBinary(file))
      return { program: { kind: 'binary', path: file }, origin: 'path' };
  }
  return undefined;
}

/**
 * Looks for a local engine: the setting, a `clickhouse` binary on PATH, `chdb` beside the extension, one
 * installed on request. Returns undefined when there is none.
 * @throws EngineError (`engineNotFound`) when the setting names something that does not work: falling
 * back to another engine then would hide the mistake.
 */
export async function locateEngine(options: LocateOptions): Promise<FoundEngine | undefined> {
  if (options.settingPath !== '') return fromSetting(options);
  const onPath = await fromPath(options.searchPath);
  if (onPath) return onPath;
  const bundled = await libraryUnder(options.bundledRoot);
  if (bundled) return { program: bundled, origin: 'bundled' };
  const installed = await libraryUnder(options.installedRoot);
  if (installed) return { program: installed, origin: 'installed' };
  return undefined;
}
