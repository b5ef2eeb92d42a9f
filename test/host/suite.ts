// Runs mocha inside the extension host of a real VS Code: the server's in `npm run test:host`, the
// desktop's in `npm run test:desktop`. VS Code loads this file and calls `run`.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Where this bundle lies; esbuild makes it a CommonJS module. */
declare const __dirname: string;

/** Set by the runner: a reporter that writes its counts to a file as it goes. */
const REPORTER = process.env['ROWHOUSE_REPORTER'];

export function run(): Promise<void> {
  // The spec reporter prints printf-style, which the extension host's console does not expand.
  Mocha.reporters.Base.consoleLog = (...parts: unknown[]): void => {
    console.log(format(...parts));
  };
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 30_000,
    forbidOnly: true,
    forbidPending: true,
    reporter: REPORTER ?? 'spec',
    ...(process.env['ROWHOUSE_GREP'] === undefined ? {} : { grep: process.env['ROWHOUSE_GREP'] }),
  });
  const names = readdirSync(__dirname, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.test.cjs')).sort()) {
    mocha.addFile(join(__dirname, name));
  }
  return new Promise((resolve, reject) => {
    mocha.run((failures) => {
      if (failures === 0) resolve();
      else reject(new Error(`${failures} tests failed`));
    });
  });
}
