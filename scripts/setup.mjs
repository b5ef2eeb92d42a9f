// Installs what is missing from a bare clone, with Node's own modules only. A second call takes a
// few milliseconds. `node scripts/setup.mjs` does everything; the other scripts call what they need.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser } from './find-browser.mjs';
import { npm } from './lib/npm.mjs';
import { root } from './lib/paths.mjs';
import { modernNode } from './setup-node.mjs';
import { setupVscode } from './setup-vscode.mjs';

const packages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** Whether node_modules holds what package-lock.json names (npm keeps its own record there). */
function dependenciesAreThere() {
  const record = 'node_modules/.package-lock.json';
  if (!existsSync(join(root, record))) return false;
  const there = packages(record);
  return Object.entries(packages('package-lock.json')).every(
    ([path, { version, optional, devOptional }]) =>
      path === '' ||
      there[path]?.version === version ||
      // Packages for other systems, and those whose build is not possible here, stay away.
      ((optional === true || devOptional === true) && there[path] === undefined),
  );
}

/**
 * Installs node_modules as package-lock.json names it. No package runs a script.
 * Not `npm ci`: it refuses a lock that lacks the optional packages of other systems, and npm leaves
 * them out when it writes the lock from a registry that does not have them.
 */
export async function setupDependencies() {
  if (dependenciesAreThere()) return;
  console.error('Installing npm packages');
  await npm(
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: root },
  );
}

/** Everything for host and UI tests. Returns the paths of the Node and the browser to use. */
export async function setupAll() {
  const [node, browser] = await Promise.all([
    modernNode(),
    findBrowser(),
    setupVscode(),
    setupDependencies(),
  ]);
  return { node, browser };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const { node, browser } = await setupAll();
    console.error(`Ready: Node ${node}, browser ${browser}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
