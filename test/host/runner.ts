// Runs the bundles of out/test/host inside the extension host of a real VS Code, in a browser.
//   node test/host/runner.ts [part of a test's title]
// A killed extension host reports success to the workbench: the counts that the reporter wrote decide.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { out, root } from '../../scripts/lib/paths.mjs';
import { Workbench } from '../ui/harness/workbench.ts';

const TIMEOUT_MS = 600_000;
// Lines of the workbench itself, beside what the extension host prints.
const NOISE =
  /^%c|^\[|gallery as it is disabled|socket \(renderer|onnection token|grace time|AccountPolicyGate|builtin extensions cache/;

interface Counts {
  readonly passes: number;
  readonly failures: number;
  readonly finished: boolean;
}

function readCounts(file: string): Counts | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Counts) : undefined;
}

async function runSuite(countsFile: string, grep: string | undefined): Promise<boolean> {
  const workbench = await Workbench.launch({
    smokeTestDriver: true,
    files: { 'query.sql': 'SELECT 1;\n' },
    env: {
      ROWHOUSE_COUNTS: countsFile,
      ROWHOUSE_REPORTER: join(root, 'scripts/lib/counting-reporter.cjs'),
      ...(grep === undefined ? {} : { ROWHOUSE_GREP: grep }),
    },
  });
  try {
    const exitCode = new Promise<unknown>((resolve, reject) => {
      void workbench.page.exposeFunction('codeAutomationExit', resolve);
      setTimeout(() => {
        reject(new Error(`The tests did not end within ${TIMEOUT_MS / 1000} s`));
      }, TIMEOUT_MS).unref();
    });
    await workbench.page.exposeFunction('codeAutomationLog', (type: string, parts: unknown[]) => {
      const text = parts
        .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
        .join(' ');
      if (type === 'info' && !NOISE.test(text)) console.log(text);
    });
    await workbench.open({ developmentPath: root, testsPath: join(out, 'test/host/suite.cjs') });
    const code = await exitCode;
    const counts = readCounts(countsFile);
    if (counts?.finished !== true) console.log('The extension host ended before its tests did.');
    const passed = code === 0 && counts?.finished === true && counts.failures === 0;
    if (!passed) await workbench.capture('host-suite');
    return passed && counts.passes > 0;
  } finally {
    await workbench.stop();
  }
}

const temporary = mkdtempSync(join(tmpdir(), 'rowhouse-counts-'));
try {
  const countsFile = process.env['ROWHOUSE_COUNTS'] ?? join(temporary, 'counts.json');
  process.exitCode = (await runSuite(countsFile, process.argv[2])) ? 0 : 1;
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
