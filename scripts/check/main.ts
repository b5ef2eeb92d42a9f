// The main job by itself, in a real VS Code on real data: `npm start -- --check`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../../src/core/engine/engine.ts';
import { locateEngine } from '../../src/core/engine/locate.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { Workbench } from '../../test/ui/harness/workbench.ts';
import { root } from '../lib/paths.mjs';
import { dropInsert } from './dropInsert.ts';
import { plainDownload } from './plainHttp.ts';
import { runSelection } from './runSelection.ts';
import { saveFiles } from './saveFiles.ts';
import type { CheckContext } from './step.ts';
import { twoTabs } from './twoTabs.ts';

const STEPS = [runSelection, saveFiles, dropInsert, twoTabs];

const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A second ClickHouse, which knows nothing of the extension: it reads the saved files back. */
async function startReader(workingDirectory: string): ReturnType<typeof startEngine> {
  const found = await locateEngine({
    settingPath: '',
    searchPath: process.env['PATH'] ?? '',
    bundledRoot: root,
    installedRoot: root,
  });
  if (found === undefined) throw new Error('There is no local ClickHouse for this system.');
  return startEngine({
    program: found.program,
    childScript: fileURLToPath(new URL('../../dist/engine/child.cjs', import.meta.url)),
    workingDirectory,
  });
}

/** Plain HTTP without our client library: what is checked does not check itself. */
async function ask(endpoint: EngineEndpoint, sql: string): Promise<string> {
  const { url, username, password, headers } = endpoint;
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  const reply = await fetch(`${url}/?wait_end_of_query=1`, {
    method: 'POST',
    headers: { ...headers, Authorization: `Basic ${login}` },
    body: sql,
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${sql}: ${text}`);
  return text.trimEnd();
}

async function runSteps(context: CheckContext): Promise<boolean> {
  for (const step of STEPS) {
    const started = performance.now();
    try {
      await step(context);
      context.say(`ok: ${step.name} (${seconds(started)})`);
    } catch (error) {
      await context.workbench.capture(`check-${step.name}`);
      context.say(
        `FAILED: ${step.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
      context.say(`A screenshot is in test-results/check-${step.name}.png`);
      return false;
    }
  }
  const { cspErrors } = context.workbench;
  for (const error of cspErrors) context.say(`FAILED: ${error}`);
  return cspErrors.length === 0;
}

/** Runs every step; resolves to the exit code. */
export async function run(): Promise<number> {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-check-'));
  const reader = await startReader(folder);
  let workbench: Workbench | undefined;
  try {
    workbench = await Workbench.start({
      extensions: [root],
      files: { 'check.sql': '\n', 'a.sql': '\n', 'b.sql': '\n' },
      links: { data: join(root, 'samples/data') },
    });
    say(`VS Code is open with the extension (${seconds(started)})`);
    const readBack = (sql: string): Promise<string> => ask(reader.endpoint, sql);
    const download: CheckContext['download'] = (request) => plainDownload(reader.endpoint, request);
    const { page } = workbench;
    const passed = await runSteps({ workbench, page, folder, readBack, download, say });
    say(passed ? `The main job works (${seconds(started)}).` : 'The main job does not work.');
    return passed ? 0 : 1;
  } finally {
    await workbench?.stop();
    await reader.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
