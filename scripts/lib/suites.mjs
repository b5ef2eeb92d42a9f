// What `npm test` runs, in this order. A suite is one or more commands; `tests` marks mocha runs.
import { join } from 'node:path';
import { root } from './paths.mjs';

const bin = (name) => join(root, 'node_modules', name);
const MINUTE = 60_000;
const LAYERS = ['src/shared', 'src/core', 'src/host', 'webview', 'test', 'scripts'];

const mocha = (pattern, minutes, more = {}) => ({
  tests: true,
  timeoutMs: minutes * MINUTE,
  commands: [
    [
      bin('mocha/bin/mocha.js'),
      ...['--reporter', join(root, 'scripts/lib/counting-reporter.cjs')],
      ...['--forbid-only', '--forbid-pending', pattern],
    ],
  ],
  ...more,
});

export const suites = {
  lint: {
    timeoutMs: 5 * MINUTE,
    commands: [
      [bin('eslint/bin/eslint.js'), '--max-warnings=0', '.'],
      [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'],
    ],
  },
  types: {
    timeoutMs: 5 * MINUTE,
    commands: LAYERS.map((layer) => [bin('typescript/bin/tsc'), '-p', join(root, layer)]),
  },
  build: { timeoutMs: 2 * MINUTE, commands: [[join(root, 'esbuild.mjs')]] },
  unit: mocha('test/unit/**/*.test.ts', 5),
  // The client against servers of the tests that send exact bytes, stall, cut or lie.
  faults: mocha('test/faults/**/*.test.ts', 5),
  page: mocha('test/page/**/*.test.ts', 10, { needs: ['build'], browser: true }),
  engine: mocha('test/engine/**/*.test.ts', 20),
  host: {
    tests: true,
    timeoutMs: 11 * MINUTE,
    needs: ['build'],
    vscode: true,
    browser: true,
    commands: [[join(root, 'test/host/runner.ts')]],
  },
  ui: mocha('test/ui/**/*.test.ts', 10, { needs: ['build'], vscode: true, browser: true }),
  package: mocha('test/package/**/*.test.ts', 6, { vscode: true, browser: true }),
};
