// `npm test`: every suite; `npm run test:unit -- --grep split`: one, with mocha's own arguments.
//   node scripts/test.mjs [suite…] [arguments for mocha…]
// Installs what is missing, streams the output of each suite, goes on after a failed one, and closes
// with one line: N passed, N failed. Lint, types and build count as one check each.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onModernNode } from './lib/with-node.mjs';
import { root, testResults } from './lib/paths.mjs';
import { killLeftovers, runGroup } from './lib/processes.mjs';
import { suites } from './lib/suites.mjs';
import { prepareSamples } from './samples.mjs';
import { findBrowser } from './find-browser.mjs';
import { setupDependencies } from './setup.mjs';
import { setupVscode } from './setup-vscode.mjs';

/** Whatever hangs, the run ends well before a CI job does. */
const WHOLE_RUN_MS = 60 * 60_000;

/** Installs what the chosen suites need; returns the environment to run them in. */
async function prepare(chosen) {
  const some = (what) => chosen.some((suite) => suite[what] === true);
  const [browser] = await Promise.all([
    some('browser') ? findBrowser() : undefined,
    some('vscode') ? setupVscode() : undefined,
    setupDependencies(),
  ]);
  prepareSamples();
  return { ...process.env, ...(browser === undefined ? {} : { CHROME_PATH: browser }) };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passes: 0, failures: 0, pending: 0, finished: false };
  }
}

/** What of a mocha run counts: its tests, and each way in which the run itself went wrong. */
function judge(counts, result) {
  const problems = [];
  if (result.problem !== undefined) problems.push(result.problem);
  else if (!counts.finished) problems.push('it ended before its tests did');
  else if (counts.passes + counts.failures === 0) problems.push('it ran no test');
  else if (result.code !== 0 && counts.failures === 0) problems.push(`exit code ${result.code}`);
  if (counts.pending > 0) problems.push(`${counts.pending} tests did not run`);
  return problems;
}

async function runSuite(name, suite, { env, extra, temporary, end }) {
  const started = Date.now();
  const run = `ROWHOUSE_TEST_RUN=${name}-${process.pid}`;
  const countsFile = join(temporary, `${name}.json`);
  const [key, value] = run.split('=');
  const environment = { ...env, [key]: value, ROWHOUSE_COUNTS: countsFile };
  let result = { code: 0 };
  for (const command of suite.commands) {
    const one = await runGroup(process.execPath, [...command, ...(suite.tests ? extra : [])], {
      cwd: root,
      env: environment,
      timeoutMs: Math.max(1_000, Math.min(suite.timeoutMs, end - Date.now())),
      mayEnd: () => suite.tests === true && readCounts(countsFile).finished,
    });
    if (one.code !== 0) result = one;
  }
  const counts = suite.tests
    ? readCounts(countsFile)
    : { passes: result.code === 0 ? 1 : 0, failures: result.code === 0 ? 0 : 1, finished: true };
  const problems = suite.tests ? judge(counts, result) : [];
  const left = await killLeftovers(run);
  if (left.length > 0) problems.push(`it left processes behind:\n    ${left.join('\n    ')}`);
  for (const problem of problems) console.log(`${name}: ${problem}`);
  return {
    name,
    passed: counts.passes,
    failed: counts.failures + problems.length,
    seconds: (Date.now() - started) / 1000,
  };
}

/** The chosen suites with what they need before them, in the order of the list. */
function withNeeds(names) {
  const needed = new Set(names.flatMap((name) => [...(suites[name].needs ?? []), name]));
  return Object.keys(suites).filter((name) => needed.has(name));
}

async function main(names, extra) {
  const order = withNeeds(names);
  const env = await prepare(order.map((name) => suites[name]));
  rmSync(testResults, { recursive: true, force: true });
  mkdirSync(testResults, { recursive: true });
  const temporary = mkdtempSync(join(tmpdir(), 'rowhouse-test-'));
  process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
  const end = Date.now() + WHOLE_RUN_MS;
  const results = [];
  for (const name of order) {
    console.log(`\n== ${name}`);
    const result = await runSuite(name, suites[name], { env, extra, temporary, end });
    results.push(result);
    console.log(`== ${name}: ${result.failed === 0 ? 'ok' : 'FAILED'}`);
  }
  console.log('');
  for (const { name, passed, failed, seconds } of results) {
    const columns = [name.padEnd(8), `${passed} passed`, `${failed} failed`];
    console.log(`${columns.join('  ')}  (${seconds.toFixed(1)} s)`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 && sum('passed') > 0;
}

await onModernNode(import.meta.url);
const given = process.argv.slice(2);
const firstExtra = given.findIndex((argument) => !(argument in suites));
const names = firstExtra === -1 ? given : given.slice(0, firstExtra);
const extra = firstExtra === -1 ? [] : given.slice(firstExtra);
try {
  const passed = await main(names.length === 0 ? Object.keys(suites) : names, extra);
  process.exit(passed ? 0 : 1);
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
