import { fileURLToPath } from 'node:url';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

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
    logLevel: 'warning',
  };
}
