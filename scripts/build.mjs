// `npm run build`, `npm run watch`: installs what is missing, then runs esbuild.mjs.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';
import { setupDependencies } from './setup.mjs';

/** Runs esbuild.mjs with `args`; resolves to its exit code. */
export async function build(args) {
  await setupDependencies();
  const child = spawn(process.execPath, [join(root, 'esbuild.mjs'), ...args], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await build(process.argv.slice(2));
}
