// A real VS Code (server and web workbench) without a download from its own site: the npm package
// `code-server` carries one, and its `lib/vscode/out/server-main.js` runs by itself. Neither
// code-server's own code nor a compiler is needed. Used by host and UI tests and by `npm start`.
// scripts/vscode-host/ pins the npm modules that the server imports. To move to another VS Code:
// change VERSION and HASH, take the versions from the new npm-shrinkwrap.json, and renew the lock.
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { npm, unpackPackage } from './lib/npm.mjs';
import { root, vscodeHost } from './lib/paths.mjs';
import { once } from './lib/stamp.mjs';
import { quickenWebviews, writeShims } from './vscode-host/patch.mjs';

const VERSION = '4.139.1'; // holds VS Code 1.139.1
const HASH =
  'fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==';
const REVISION = 1; // raise it when this recipe changes

// Heavy or active built-in extensions. The small declarative ones stay: their list is baked into
// the workbench, and without github-authentication it waits for an authentication provider.
const DROPPED = [
  ...['copilot', 'debug-auto-launch', 'debug-server-ready', 'git', 'github', 'grunt', 'gulp'],
  ...['ipynb', 'jake', 'markdown-language-features', 'markdown-math', 'mermaid-markdown-features'],
  ...['microsoft-authentication', 'ms-vscode.js-debug', 'ms-vscode.js-debug-companion'],
  ...['ms-vscode.vscode-js-profile-table', 'notebook-renderers', 'php-language-features'],
  ...['terminal-suggest', 'tunnel-forwarding'],
];

/** Installs the VS Code server unless it is there. */
export function setupVscode() {
  return once(vscodeHost, `${VERSION}/${REVISION}`, async (to) => {
    console.error(`Fetching VS Code (code-server ${VERSION} from npm)`);
    await unpackPackage({
      name: 'code-server',
      version: VERSION,
      hash: HASH,
      to,
      members: ['package/lib/vscode'],
      strip: 3,
      exclude: DROPPED.map((name) => `package/lib/vscode/extensions/${name}`),
    });
    rmSync(join(to, 'npm-shrinkwrap.json'));
    for (const file of ['package.json', 'package-lock.json']) {
      cpSync(join(root, 'scripts/vscode-host', file), join(to, file));
    }
    await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: to,
    });
    writeShims(to);
    quickenWebviews(to);
  });
}
