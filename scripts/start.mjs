// `npm start`: builds the extension and opens VS Code with it on the samples folder.
// `npm start -- --check`: does the main job by itself in a real VS Code and tells how it went.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { build } from './build.mjs';
import { root } from './lib/paths.mjs';
import { onModernNode } from './lib/with-node.mjs';
import { prepareSamples, samples } from './samples.mjs';
import { findBrowser } from './find-browser.mjs';
import { setupVscode } from './setup-vscode.mjs';

/** The `code` on PATH that can open a window: not on a machine without a screen. */
function desktopCode() {
  // In a terminal of a remote window, `code` talks to that window and takes no extension.
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined) return undefined;
  const { platform, env } = process;
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  const names =
    platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders'];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function openDesktop(code) {
  console.log(`Opening ${code} with the extension and ${samples}`);
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, samples];
  const windows = process.platform === 'win32';
  const child = spawn(
    windows ? `"${code}"` : code,
    windows ? args.map((arg) => `"${arg}"`) : args,
    {
      stdio: 'inherit',
      shell: windows,
    },
  );
  return new Promise((resolve) => child.once('exit', (status) => resolve(status ?? 1)));
}

async function main(check) {
  const code = check ? undefined : desktopCode();
  if (code === undefined) await onModernNode(import.meta.url);
  const [built] = await Promise.all([
    build([]),
    ...(code === undefined ? [setupVscode()] : []),
    ...(check ? [findBrowser()] : []),
  ]);
  if (built !== 0) return built;
  prepareSamples();
  if (code !== undefined) return openDesktop(code);
  const { run } = await import(check ? './check/main.ts' : './start/server.ts');
  return run();
}

try {
  process.exit(await main(process.argv.includes('--check')));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
