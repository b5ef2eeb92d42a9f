// `npm run package`: makes rowhouse-<version>.vsix and checks that it is small enough to install
// in a moment. The local engine is not in it.
import { spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/paths.mjs';
import { setupDependencies } from './setup.mjs';

const MAX_BYTES = 4 * 1024 * 1024;

/** Packs a VSIX, by default into the repository; returns its path and size in bytes. */
export async function packVsix(folder = root) {
  await setupDependencies();
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = join(folder, `${name}-${version}.vsix`);
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const child = spawn(
    process.execPath,
    [
      vsce,
      'package',
      '--no-dependencies',
      '--no-rewrite-relative-links',
      '--allow-missing-repository',
      '--out',
      file,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`vsce ended with ${code}`);
  const { size } = statSync(file);
  if (size > MAX_BYTES) {
    throw new Error(`${file} has ${size} bytes; ${MAX_BYTES} is the limit`);
  }
  return { file, size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { file, size } = await packVsix();
    console.log(`${file}: ${(size / 1024 / 1024).toFixed(2)} MiB`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
