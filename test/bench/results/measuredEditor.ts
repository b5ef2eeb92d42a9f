import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';
import { openFile } from '../../ui/harness/editor.ts';
import { resultsPage, waitForResult } from '../../ui/harness/grid.ts';
import { until } from '../../ui/harness/until.ts';
import { Workbench } from '../../ui/harness/workbench.ts';
import type { HostState, ProbeRequest } from './hostProbe.ts';

const START_MS = 30_000;

/** A real VS Code in a browser with the extension as it is shipped, the local ClickHouse, and a probe in its extension host. */
export class MeasuredEditor {
  readonly workbench: Workbench;
  readonly #folder: string;
  readonly #port: number;

  private constructor(workbench: Workbench, folder: string, port: number) {
    this.workbench = workbench;
    this.#folder = folder;
    this.#port = port;
  }

  /** With the Results view open over the whole window, after a first statement: the engine runs, code is compiled. */
  static async start(): Promise<MeasuredEditor> {
    execFileSync(process.execPath, [join(root, 'esbuild.mjs'), '--production']);
    const folder = mkdtempSync(join(tmpdir(), 'rowhouse-bench-'));
    const portFile = join(folder, 'port');
    const workbench = await Workbench.start({
      extensions: [root, await buildProbe(join(folder, 'probe'))],
      files: { 'bench.sql': 'SELECT 1' },
      settings: { 'rowhouse.results.maxRows': 0, 'rowhouse.results.maxBytes': 0 },
      env: { ROWHOUSE_BENCH_PROBE: portFile },
    });
    try {
      await until(() => readPort(portFile) > 0, START_MS, 'the probe');
      const editor = new MeasuredEditor(workbench, folder, readPort(portFile));
      await editor.#prepare();
      return editor;
    } catch (error) {
      await workbench.stop();
      throw error;
    }
  }

  async #prepare(): Promise<void> {
    const { page } = this.workbench;
    await openFile(page, 'bench.sql');
    await this.run('SELECT number AS warm_up, toString(number) AS text FROM numbers(1000000)');
    await waitForResult(page, { statement: 'warm_up' });
    await this.#ask({ do: 'command', name: 'workbench.action.toggleMaximizedPanel', args: [] });
  }

  /** Runs a statement in the active document; resolves when it has ended. */
  async run(sql: string): Promise<void> {
    const outcome = (await this.#ask({ do: 'run', sql })) as { error?: string } | undefined;
    if (outcome?.error !== undefined) throw new Error(outcome.error);
  }

  /** @param reset the delays count from now on */
  async host({ reset = false } = {}): Promise<HostState> {
    return (await this.#ask({ do: 'state', reset })) as HostState;
  }

  /** The frame of the results page. */
  async results(): Promise<Frame> {
    const handle = await resultsPage(this.workbench.page).locator('body').elementHandle();
    const frame = await handle.ownerFrame();
    if (!frame) throw new Error('The Results view is not shown.');
    return frame;
  }

  /** MB of JavaScript objects in the process of the window: in a browser the results page shares it with VS Code. */
  async heap(): Promise<number> {
    const { page } = this.workbench;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    await cdp.detach();
    return usedSize / 1e6;
  }

  async stop(): Promise<void> {
    await this.workbench.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ask(request: ProbeRequest): Promise<unknown> {
    const reply = await fetch(`http://127.0.0.1:${this.#port}`, {
      method: 'POST',
      body: JSON.stringify(request),
    });
    const { value, error } = (await reply.json()) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }
}

function readPort(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return 0;
  }
}

/** @returns the folder of the extension */
async function buildProbe(folder: string): Promise<string> {
  mkdirSync(folder);
  await build({
    entryPoints: [fileURLToPath(new URL('hostProbe.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
    outfile: join(folder, 'probe.cjs'),
  });
  const manifest = {
    name: 'probe',
    publisher: 'rowhouse-bench',
    version: '0.0.1',
    engines: { vscode: '^1.101.0' },
    main: './probe.cjs',
    activationEvents: ['onStartupFinished'],
    extensionKind: ['workspace'],
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
