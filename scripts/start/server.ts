import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache, root, vscodeHost } from '../lib/paths.mjs';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Keeps the user's VS Code data between starts, and shows this checkout as an installed extension. */
function prepareFolder(): string {
  const folder = join(cache, 'start');
  const settings = join(folder, 'data/User/settings.json');
  mkdirSync(join(folder, 'data/User'), { recursive: true });
  try {
    const quiet = { 'chat.disableAIFeatures': true, 'workbench.startupEditor': 'none' };
    writeFileSync(settings, JSON.stringify(quiet, undefined, 2), { flag: 'wx' });
  } catch {
    // The user's own settings are there.
  }
  const extensions = join(folder, 'extensions');
  rmSync(extensions, { recursive: true, force: true });
  mkdirSync(extensions);
  const { publisher, name, version } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<'publisher' | 'name' | 'version', string>;
  symlinkSync(root, join(extensions, `${publisher}.${name}-${version}`));
  return folder;
}

/**
 * Serves VS Code in the foreground, on the loopback interface and a free port, until Ctrl+C.
 * The token in the URL keeps other users of the machine out.
 */
export async function run(): Promise<number> {
  const folder = prepareFolder();
  const token = randomBytes(16).toString('hex');
  const child = spawn(
    process.execPath,
    [
      join(vscodeHost, 'out/server-main.js'),
      ...['--server-data-dir', folder, '--user-data-dir', join(folder, 'data')],
      ...['--extensions-dir', join(folder, 'extensions')],
      ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      // The folder is this checkout's own.
      '--disable-workspace-trust',
    ],
    {
      env: { ...process.env, EXTENSIONS_GALLERY: '{}' },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const stop = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  process.once('exit', stop);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(0));
  }
  let output = '';
  const onData = (data: Buffer): void => {
    if (output.length > 100_000) return;
    const before = output;
    output += data.toString();
    const listening = /Extension host agent listening on (\d+)/;
    const port = listening.exec(output)?.[1];
    if (port === undefined || listening.test(before)) return;
    const query = new URLSearchParams({ tkn: token, folder: join(root, 'samples') });
    print(`\nVS Code with Rowhouse: http://127.0.0.1:${port}/?${query.toString()}`);
    print('Open samples/tour.sql to begin. Ctrl+C stops it.');
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  print(`The VS Code server ended (${code ?? 'a signal'}):\n${output.slice(-2_000)}`);
  return 1;
}
