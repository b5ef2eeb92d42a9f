// Builds what ships (dist/) and the test bundles that run inside VS Code (out/).
//   node esbuild.mjs [--production] [--watch]
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { lazyChunks } from './scripts/lib/lazy-chunks.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const at = (...parts) => join(root, ...parts);

/** The Node in the extension host of VS Code 1.101, the oldest that is supported. */
const HOST_NODE = 'node22.15';
/** The oldest Node on which scripts may use the client library. */
const CLIENT_NODE = 'node20.18';

const node = ({ production }) => ({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none',
  minify: production,
  // Without names an error report of a user says nothing.
  keepNames: production,
  sourcemap: production ? false : 'linked',
});

// What activation does not need is loaded when it is used: the HTTP client, Arrow, saving and inserting files.
const host = (options) =>
  lazyChunks({
    ...node(options),
    entryPoints: [{ in: at('src/extension.ts'), out: 'extension' }],
    outdir: at('dist'),
    target: HOST_NODE,
    external: ['vscode'],
  });

// The child process that is the local ClickHouse. It finds ffi-rs at run time, where its parent says.
const engine = (options) => ({
  ...node(options),
  entryPoints: [{ in: at('src/core/engine/child.ts'), out: 'child' }],
  outdir: at('dist/engine'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  target: HOST_NODE,
  external: ['ffi-rs'],
});

// The child process that ends ssh with its parent.
const keeper = (options) => ({
  ...node(options),
  entryPoints: [{ in: at('src/core/ssh/keeper.ts'), out: 'keeper' }],
  outdir: at('dist/ssh'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  target: HOST_NODE,
});

// Complete in itself, so that it works from an unpacked VSIX too, where no package is installed.
const client = (options) => ({
  ...node(options),
  entryPoints: [{ in: at('src/core/client/index.ts'), out: 'index' }],
  outdir: at('dist/client'),
  format: 'esm',
  target: CLIENT_NODE,
  // undici is CommonJS and calls require() for Node's modules.
  banner: {
    js: "import { createRequire as nodeRequire } from 'node:module';\nconst require = nodeRequire(import.meta.url);",
  },
});

function filesUnder(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

const hostTests = () => ({
  ...node({ production: false }),
  entryPoints: [at('test/host/suite.ts'), ...filesUnder(at('test/host'), '.test.ts')].filter(
    existsSync,
  ),
  outdir: at('out/test/host'),
  outbase: at('test/host'),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  target: HOST_NODE,
  external: ['vscode', 'mocha'],
});

async function webview(options) {
  const { webviewBuild } = await import(pathToFileURL(at('webview/build.mjs')).href);
  return { metafile: true, ...webviewBuild({ ...options, outdir: at('dist/webview') }) };
}

async function shipped(options) {
  const programs = [host(options), engine(options), keeper(options), client(options)];
  return [...programs, await webview(options)];
}

/** The client's types as one file: what a user of `rowhouse/client` sees. */
async function clientTypes() {
  const [{ rollup }, { dts }] = await Promise.all([import('rollup'), import('rollup-plugin-dts')]);
  const bundle = await rollup({
    input: at('src/core/client/index.ts'),
    plugins: [dts({ tsconfig: at('src/core/tsconfig.json') })],
    external: /^node:|^undici/,
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  await bundle.write({ file: at('dist/client/index.d.ts'), format: 'es' });
  await bundle.close();
}

function report(results) {
  const sizes = results.flatMap(({ metafile }) => Object.entries(metafile?.outputs ?? {}));
  for (const [file, { bytes }] of sizes) {
    const isSmall = file.startsWith('dist/chunks/') && bytes < 32 * 1024;
    if (file.endsWith('.map') || file.startsWith('out/') || isSmall) continue;
    console.log(`${(bytes / 1024).toFixed(1).padStart(9)} kB  ${relative(root, at(file))}`);
  }
}

/** Builds everything once. */
export async function build({ production = false } = {}) {
  const started = performance.now();
  rmSync(at('dist'), { recursive: true, force: true });
  rmSync(at('out'), { recursive: true, force: true });
  const options = { production };
  const bundles = await shipped(options);
  if (!production) bundles.push(hostTests());
  const [results] = await Promise.all([Promise.all(bundles.map(esbuild.build)), clientTypes()]);
  report(results);
  const types = statSync(at('dist/client/index.d.ts')).size;
  console.log(`${(types / 1024).toFixed(1).padStart(9)} kB  dist/client/index.d.ts`);
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Builds again whenever a file changes, until the process ends. */
async function watchAll() {
  const options = { production: false };
  const bundles = await shipped(options);
  for (const bundle of [...bundles, hostTests()]) {
    await (await esbuild.context({ ...bundle, logLevel: 'info' })).watch();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (process.argv.includes('--watch')) await watchAll();
    else await build({ production: process.argv.includes('--production') });
  } catch (error) {
    // esbuild has printed its own errors.
    if (!Array.isArray(error.errors)) console.error(error.message);
    process.exitCode = 1;
  }
}
