// The Node that tests, the engine script and the VS Code server run on.
// .ts files run directly from Node 22.18 on, zstd is in node:zlib from 22.15 on, and the VS Code
// server is built for Node 24. Where the Node on PATH is older, a private one comes from npm:
// a plain tarball of one binary (package node-linux-*), used by these scripts only.
import { join } from 'node:path';
import { unpackPackage } from './lib/npm.mjs';
import { cache } from './lib/paths.mjs';
import { once } from './lib/stamp.mjs';

const VERSION = '24.21.0';
const HASHES = {
  'linux-x64':
    '3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  'linux-arm64':
    'FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
};

function atLeast(major, minor) {
  const [ours = 0, oursMinor = 0] = process.versions.node.split('.').map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}

/** Path of a Node >= 24 (where none can be fetched: >= 22.18); installs the private one if needed. */
export async function modernNode() {
  if (atLeast(24, 0)) return process.execPath;
  const hash = HASHES[`${process.platform}-${process.arch}`];
  if (hash === undefined) {
    if (atLeast(22, 18)) return process.execPath;
    throw new Error(
      `This needs Node 22.18 or newer, and runs on ${process.versions.node}. ` +
        'Install a newer Node (nodejs.org) and run the command again.',
    );
  }
  const folder = join(cache, 'node');
  await once(folder, VERSION, (to) => {
    console.error(`Fetching Node ${VERSION} (private to this checkout)`);
    return unpackPackage({
      name: `node-linux-${process.arch}`,
      version: VERSION,
      hash,
      to,
      members: ['package/bin/node'],
    });
  });
  return join(folder, 'bin', 'node');
}
