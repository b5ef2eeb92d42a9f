import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from './errors.ts';

/** The versions the extension was tested with. */
const ENGINE_PACKAGES: Readonly<Record<string, string>> = {
  chdb: '3.4.0',
  'ffi-rs': '1.3.7',
};

const OUTPUT_LIMIT = 4 * 1024;

/**
 * Installs the engine into `folder` with the user's own npm and its registry settings. Install scripts are
 * off: the packages carry prebuilt files and need none.
 * @param onOutput receives npm's lines as they come, for a progress display.
 * @throws EngineError when npm is missing, fails or is cancelled; what was installed before stays usable.
 */
export async function installEngine(
  folder: string,
  signal: AbortSignal,
  onOutput: (line: string) => void,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'rowhouse-engine', private: true, dependencies: ENGINE_PACKAGES };
  await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(npm, args, { cwd: folder, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let tail = '';
    const note = (chunk: Buffer): void => {
      const text = chunk.toString('utf8');
      tail = (tail + text).slice(-OUTPUT_LIMIT);
      onOutput(text.trim());
    };
    child.stdout.on('data', note);
    child.stderr.on('data', note);
    child.on('error', (error) => {
      reject(installFailure(error, signal));
    });
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(installFailure(new Error(tail.trim()), signal));
    });
  });
}

function installFailure(cause: Error, signal: AbortSignal): EngineError {
  if (signal.aborted) {
    return new EngineError('engineStartCancelled', 'Installing ClickHouse was cancelled.', '');
  }
  if ('code' in cause && cause.code === 'ENOENT') {
    return new EngineError(
      'engineNotFound',
      'npm was not found, and it is needed to install the local ClickHouse.',
      'Install Node.js, or put a clickhouse binary (26.6 or newer) on PATH.',
      cause,
    );
  }
  return new EngineError(
    'engineStartFailed',
    `npm could not install the local ClickHouse. ${cause.message}`,
    'Check the network and npm settings, then try again.',
    cause,
  );
}
