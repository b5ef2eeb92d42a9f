import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, with no trailing separator. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What the scripts fetch once and keep; git-ignored, safe to delete. */
export const cache = join(root, '.cache');

/** The VS Code server and web workbench used by host and UI tests and by `npm start`. */
export const vscodeHost = join(cache, 'vscode');

/** The build of the extension, and of its tests. */
export const dist = join(root, 'dist');
export const out = join(root, 'out');

/** Screenshots, logs and result files of test runs. */
export const testResults = join(root, 'test-results');
