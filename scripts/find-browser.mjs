// A Chromium for UI tests: the one named by CHROME_PATH, one that is installed, or one from npm.
import {
  accessSync,
  constants,
  createReadStream,
  createWriteStream,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib';
import { exec, unpackPackage } from './lib/npm.mjs';
import { cache } from './lib/paths.mjs';
import { once } from './lib/stamp.mjs';

const NAMES = [
  ...['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  ...['microsoft-edge', 'msedge'],
];
const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

// A headless Chromium made for small containers: it brings the libraries that bare machines lack.
const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';
const HASH =
  'jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==';

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onPath, ...(process.platform === 'darwin' ? MAC_APPS : [])].find(isProgram);
}

function untar(archive, folder) {
  return new Promise((resolve, reject) => {
    const tar = spawn('tar', ['xf', '-', '-C', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
    tar.once('error', reject);
    tar.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tar: ${code}`))));
    tar.stdin.end(archive);
  });
}

const FONTS = (folder) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/font-cache</cachedir>
</fontconfig>
`;

const LAUNCHER = `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" "$@"
`;

async function fromNpm() {
  const folder = join(cache, 'browser');
  await once(folder, VERSION, async (to) => {
    console.error(`Fetching a headless Chromium (${PACKAGE} ${VERSION} from npm)`);
    const packed = join(to, 'packed');
    await unpackPackage({
      name: PACKAGE,
      version: VERSION,
      hash: HASH,
      to: packed,
      members: ['package/bin'],
      strip: 2,
    });
    await pipeline(
      createReadStream(join(packed, 'chromium.br')),
      createBrotliDecompress(),
      createWriteStream(join(to, 'chromium'), { mode: 0o755 }),
    );
    for (const part of ['al2023', 'fonts']) {
      await untar(brotliDecompressSync(readFileSync(join(packed, `${part}.tar.br`))), to);
    }
    rmSync(packed, { recursive: true });
    writeFileSync(join(to, 'fonts.conf'), FONTS(to));
    writeFileSync(join(to, 'launch.sh'), LAUNCHER, { mode: 0o755 });
    await exec(join(to, 'launch.sh'), ['--version']);
  });
  return join(folder, 'launch.sh');
}

async function fromApt() {
  console.error('Installing chromium with apt-get');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await exec('apt-get', ['update', '-qq'], { env });
  await exec('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'chromium'], { env });
  return installed();
}

/** Path of a browser that speaks Chromium's DevTools protocol; fetches one if none is installed. */
export async function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named !== undefined && named !== '') {
    if (isProgram(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, which is not a program.`);
  }
  const found = installed();
  if (found !== undefined) return found;
  const reasons = [];
  const attempts = [];
  if (process.platform === 'linux' && process.arch === 'x64') attempts.push(fromNpm);
  if (process.getuid?.() === 0 && isProgram('/usr/bin/apt-get')) attempts.push(fromApt);
  for (const attempt of attempts) {
    try {
      const path = await attempt();
      if (path !== undefined) return path;
    } catch (error) {
      reasons.push(error.message);
    }
  }
  throw new Error(
    [
      'UI and host tests need Chromium, Chrome or Edge, and none was found.',
      'Install one, or set CHROME_PATH to its program, and run the command again.',
      ...reasons.map((reason) => `(${reason})`),
    ].join('\n'),
  );
}
