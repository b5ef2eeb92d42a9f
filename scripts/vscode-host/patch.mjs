// What the VS Code server needs besides its files: stand-ins for native modules, and one patch.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Without it `workspace.findFiles` fails. The universal package is 56 MB for the same `rg`.
const RIPGREP = `import * as rg from '@vscode/ripgrep';
export const rgPath = rg.rgPath ?? rg.default.rgPath;
export const binPathFor = () => rgPath;
`;

const WATCHDOG = 'exports.start = () => {}; exports.exit = (code) => process.exit(code || 0);\n';

// The server logs through spdlog, which has to be compiled; these are the calls that it makes.
const SPDLOG = `const fs = require('fs'), path = require('path');
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(file) { this.file = file; this.level = 2; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.raw = true; }
  flush() {}
  drop() {}
  write(level, message) {
    if (level < this.level) return;
    const line = this.raw ? message : new Date().toISOString() + ' [' + LEVELS[level] + '] ' + message + '\\n';
    try { fs.appendFileSync(this.file, line); } catch {}
  }
}
LEVELS.forEach((name, level) => {
  Logger.prototype[name] = function (message) { this.write(level, message); };
});
const create = async (_, file) => {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(file);
};
exports.version = 0;
exports.setLevel = exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = exports.createAsyncRotatingLogger = create;
`;

export function writeShims(host) {
  const shim = (name, type, index) => {
    const folder = join(host, 'node_modules', name);
    mkdirSync(folder, { recursive: true });
    const manifest = { name, version: '0.0.0', type, main: 'index.js' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'index.js'), index);
  };
  shim('@vscode/ripgrep-universal', 'module', RIPGREP);
  shim('@vscode/native-watchdog', 'commonjs', WATCHDOG);
  shim('@vscode/spdlog', 'commonjs', SPDLOG);
}

const scriptHash = (html) => {
  const open = html.indexOf('>', html.indexOf('<script')) + 1;
  const text = html.slice(open, html.indexOf('</script>'));
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
};

/**
 * Leaves out ServiceWorkerRegistration.update() in the page around webviews. Chromium runs that
 * fetch at idle priority: one webview per session waits 2 to 5 s for it on a busy machine.
 * The page's CSP names the hash of its script, which therefore changes too.
 */
export function quickenWebviews(host) {
  const page = join(host, 'out/vs/workbench/contrib/webview/browser/pre/index.html');
  const html = readFileSync(page, 'utf8');
  const before = scriptHash(html);
  const cut = html.replace('registration = await registration.update();', '');
  if (cut !== html && html.includes(before)) {
    writeFileSync(page, cut.replace(before, scriptHash(cut)));
  }
}
