// CommonJS bundles that load parts of themselves later. esbuild splits ES modules only, and VS Code loads an extension
// as CommonJS: so Rollup makes CommonJS of what esbuild has split. All that is needed at the start becomes one file,
// because each file costs a walk through the file system.
import { dirname, join, relative, resolve } from 'node:path';
import { rollup } from 'rollup';

/** What is imported from `entry` without `import()`, itself included. */
function neededAtStart(entry, { outputs }, root) {
  const needed = new Set();
  const add = (file) => {
    const path = resolve(root, file);
    if (needed.has(path)) return;
    needed.add(path);
    for (const { path: imported, kind, external } of outputs[file].imports) {
      if (kind === 'import-statement' && external !== true) add(imported);
    }
  };
  add(relative(root, entry));
  return needed;
}

const inMemory = (texts) => ({
  name: 'in-memory',
  resolveId: (id, importer) => {
    const path = resolve(importer === undefined ? '' : dirname(importer), id);
    return texts.has(path) ? path : { id, external: true };
  },
  load: (path) => ({ code: texts.get(path), map: texts.get(`${path}.map`) }),
});

async function toCommonJs(
  { outputFiles, metafile },
  { absWorkingDir, outdir, entryPoints, sourcemap },
) {
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  const [{ out }] = entryPoints;
  const entry = join(outdir, `${out}.js`);
  const atStart = neededAtStart(entry, metafile, absWorkingDir);
  const bundle = await rollup({
    input: { [out]: entry },
    plugins: [inMemory(texts)],
    treeshake: false,
  });
  const { output } = await bundle.write({
    dir: outdir,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name].cjs',
    manualChunks: (path) => (atStart.has(path) ? out : undefined),
    dynamicImportInCjs: false,
    interop: (id) => (id === 'vscode' ? 'esModule' : 'auto'),
    sourcemap: sourcemap !== false,
  });
  await bundle.close();
  return output;
}

/**
 * @param options of a build for Node with one entry point
 * @returns them, changed so that CommonJS is written, and what is only imported by `import()` goes into `chunks/`
 */
export function lazyChunks(options) {
  return {
    ...options,
    format: 'esm',
    splitting: true,
    sourcemap: options.sourcemap === false ? false : 'external',
    write: false,
    plugins: [
      {
        name: 'lazy-chunks',
        setup: (build) =>
          build.onEnd(async (result) => {
            if (result.errors.length > 0) return;
            const output = await toCommonJs(result, options);
            // What was written is what the report of the build is about.
            result.metafile.outputs = Object.fromEntries(
              output.map(({ fileName, code = '' }) => [
                relative(options.absWorkingDir, join(options.outdir, fileName)),
                { bytes: Buffer.byteLength(code) },
              ]),
            );
          }),
      },
    ],
  };
}
