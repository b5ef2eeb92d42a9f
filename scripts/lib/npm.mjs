// npm as a child process, and packages fetched through it with a pinned hash.
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Runs a program to its end; its errors go to our stderr, its output is dropped. */
export function exec(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options });
    child.once('error', (cause) =>
      reject(new Error(`could not start ${command}: ${cause.message}`, { cause })),
    );
    child.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new Error(`${basename(command)} ${args[0] ?? ''} ended with ${code ?? signal}`)),
    );
  });
}

/** Runs npm with the user's own settings. Inside `npm run` it is the very npm that called us. */
export function npm(args, options = {}) {
  const caller = process.env.npm_execpath;
  if (caller !== undefined && basename(caller) === 'npm-cli.js') {
    return exec(process.env.npm_node_execpath ?? process.execPath, [caller, ...args], options);
  }
  // On Windows npm is a .cmd file, which only a shell can start.
  return exec('npm', args, { shell: process.platform === 'win32', ...options });
}

async function sha512(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return hash.digest('base64');
}

/**
 * Unpacks `members` of the npm package `name@version` into `to`, without running any script of it.
 * The tarball must have the pinned SHA-512 (npm's `dist.integrity` without the prefix).
 */
export async function unpackPackage({
  name,
  version,
  hash,
  to,
  members = [],
  strip = 1,
  exclude = [],
}) {
  const temporary = mkdtempSync(join(tmpdir(), 'rowhouse-fetch-'));
  try {
    await npm([
      'pack',
      `${name}@${version}`,
      '--silent',
      '--loglevel=error',
      '--pack-destination',
      temporary,
    ]);
    const [file] = readdirSync(temporary);
    if (file === undefined) throw new Error(`npm pack ${name}@${version} made no file`);
    const tarball = join(temporary, file);
    if ((await sha512(tarball)) !== hash) {
      throw new Error(
        `${name}@${version} does not have the expected SHA-512; nothing was unpacked`,
      );
    }
    mkdirSync(to, { recursive: true });
    await exec('tar', [
      'xzf',
      tarball,
      '-C',
      to,
      `--strip-components=${strip}`,
      ...exclude.map((pattern) => `--exclude=${pattern}`),
      ...members,
    ]);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
