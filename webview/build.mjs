import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * uPlot takes the browser's language as it loads and throws where that is no language tag, as `en-US@posix` of a
 * system without a locale: the whole page would stay empty. Its own number texts are not used anyway.
 * @type {import('esbuild').Plugin}
 */
const plotLanguage = {
  name: 'plot-language',
  setup(build) {
    build.onLoad({ filter: /uPlot\.esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace('nav.language', "'en-US'");
      if (contents === source) throw new Error('uPlot has changed: see plotLanguage.');
      return { contents, loader: 'js' };
    });
  },
};

/**
 * esbuild options of the pages: results and insert (ES modules and their styles), codicon.css and codicon.ttf.
 * @param {{ production?: boolean, outdir: string }} options
 * @returns {import('esbuild').BuildOptions}
 */
export function webviewBuild({ production = false, outdir }) {
  return {
    entryPoints: [
      { in: here('results.ts'), out: 'results' },
      { in: here('results.css'), out: 'results' },
      { in: here('insert/insert.ts'), out: 'insert' },
      { in: here('insert/insert.css'), out: 'insert' },
      { in: here('../node_modules/@vscode/codicons/dist/codicon.css'), out: 'codicon' },
    ],
    outdir,
    bundle: true,
    format: 'esm',
    // The Chromium of the oldest supported VS Code (1.101).
    target: 'chrome134',
    platform: 'browser',
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    assetNames: '[name]',
    loader: { '.ttf': 'file' },
    plugins: [plotLanguage],
    logLevel: 'warning',
  };
}
