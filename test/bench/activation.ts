/**
 * How long VS Code waits for the extension: loading its code and `activate()`, as "Show Running Extensions" tells it,
 * of the extension as it is shipped, with ten connections configured, when a ClickHouse document is opened: in a window
 * that has come to rest, and in one that still starts, where everything else competes with it.
 *
 * `npm run bench -- activation [--rounds 7]`
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/lib/paths.mjs';
import { openFile } from '../ui/harness/editor.ts';
import { runCommand } from '../ui/harness/quickInput.ts';
import { Workbench } from '../ui/harness/workbench.ts';
import { printFigures, quantile } from './results/figures.ts';

const TARGET_MS = 60;
/** What VS Code's own extensions need to be there. */
const REST_MS = 4_000;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });

/** ms in a VS Code of its own, which nothing has been loaded into before. */
async function activationMs(restMs: number): Promise<number> {
  const connections = Array.from({ length: 10 }, (_, i) => ({
    name: `server ${i}`,
    url: `http://127.0.0.1:${i + 1}`,
  }));
  const workbench = await Workbench.start({
    extensions: [root],
    files: { 'open.chsql': 'SELECT 1' },
    settings: { 'rowhouse.connections': connections },
  });
  try {
    const { page } = workbench;
    await delay(restMs);
    await openFile(page, 'open.chsql');
    // Shown at the end of `activate()`.
    await page.locator('.statusbar-item', { hasText: 'Local ClickHouse' }).waitFor();
    await runCommand(page, 'Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'Rowhouse' });
    const text = await row.locator('.activation-time').innerText();
    const ms = /(\d+)\s*ms/.exec(text)?.[1];
    if (ms === undefined) throw new Error(`VS Code tells no time: ${text}`);
    return Number(ms);
  } finally {
    await workbench.stop();
  }
}

execFileSync(process.execPath, [join(root, 'esbuild.mjs'), '--production']);
const [atRest, starting]: [number[], number[]] = [[], []];
for (let round = 0; round < Number(values.rounds); round += 1) {
  atRest.push(await activationMs(REST_MS));
  starting.push(await activationMs(0));
}
console.log(
  `each at rest: ${atRest.join(', ')} ms; while VS Code starts: ${starting.join(', ')} ms`,
);
printFigures(`Activation, medians of ${values.rounds} windows`, [
  { name: 'in a window at rest', value: quantile(atRest, 0.5), unit: 'ms', target: TARGET_MS },
  { name: 'while VS Code starts', value: quantile(starting, 0.5), unit: 'ms' },
]);
