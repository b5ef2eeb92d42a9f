import assert from 'node:assert/strict';
import { build } from 'esbuild';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import type {
  HostMessage,
  ResultSnapshot,
  ResultTab,
  WebviewMessage,
} from '../../src/shared/protocol.ts';
import { findBrowser } from '../../scripts/find-browser.mjs';
import { pageHtml, resultsHtml } from '../../src/shared/resultsPage.ts';
import { webviewBuild } from '../../webview/build.mjs';
import type { FakeKind } from './fakeData.ts';
import { THEMES, type ThemeName } from './themes.ts';

const CHROME_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-proxy-server',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const MIME: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.ttf': 'font/ttf',
};
const AXE = fs.readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const SHOTS = fileURLToPath(new URL('../../test-results/page/', import.meta.url));

/** What can differ between themes. */
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** Defined in the page by axe-core. */
declare const axe: {
  run(
    root: Document,
    options: { runOnly?: string[] },
  ): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
};

/** Builds the page, serves it with the extension's CSP and opens a browser. One per test file. */
export class PageServer {
  readonly #server: http.Server;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #fakeHost: string;

  private constructor(server: http.Server, browser: Browser, folder: string, fakeHost: string) {
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#fakeHost = fakeHost;
  }

  static async start({ production = false } = {}): Promise<PageServer> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rowhouse-page-'));
    const [, fake] = await Promise.all([
      build(webviewBuild({ production, outdir: folder })),
      build({
        entryPoints: [fileURLToPath(new URL('fakeHost.ts', import.meta.url))],
        bundle: true,
        format: 'iife',
        target: 'chrome134',
        write: false,
      }),
    ]);
    const server = http.createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://x').pathname);
      const origin = `http://${request.headers.host ?? ''}`;
      if (name === 'results' || name === 'insert') {
        const parts = {
          cspSource: origin,
          nonce: 'testnonce',
          scriptUri: `${origin}/${name}.js`,
          styleUris: [`${origin}/codicon.css`, `${origin}/${name}.css`],
        };
        const title = 'Insert';
        response.setHeader('content-type', 'text/html');
        response.end(
          name === 'insert' ? pageHtml(parts, { title, root: name }) : resultsHtml(parts),
        );
        return;
      }
      const file = path.join(folder, name);
      response.statusCode = fs.existsSync(file) ? 200 : 204;
      response.setHeader('content-type', MIME[path.extname(name)] ?? 'text/plain');
      response.end(fs.existsSync(file) ? fs.readFileSync(file) : '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await chromium.launch({
      executablePath: await findBrowser(),
      args: CHROME_ARGS,
      // Scroll bars take room and are dragged: without them the tests would see another page than users.
      ignoreDefaultArgs: ['--hide-scrollbars'],
    });
    return new PageServer(server, browser, folder, fake.outputFiles[0]?.text ?? '');
  }

  async open(options: OpenOptions = {}): Promise<ResultsPage> {
    const { width = 1400, height = 800, theme = 'dark', forcedColors, state } = options;
    const context = await this.#browser.newContext({
      viewport: { width, height },
      reducedMotion: 'reduce',
      ...(forcedColors ? { forcedColors: 'active' } : {}),
    });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.addInitScript(this.#fakeHost);
    await page.addInitScript((saved) => {
      window.fakeHost.state = saved;
    }, state);
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/${options.page ?? 'results'}`);
    const results = new ResultsPage(page, problems);
    await results.setTheme(theme);
    await page.waitForFunction(() => window.fakeHost.sent.some((m) => m.type === 'ready'));
    return results;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    fs.rmSync(this.#folder, { recursive: true });
  }
}

export interface OpenOptions {
  /** Default: the results page. */
  page?: 'results' | 'insert';
  width?: number;
  height?: number;
  theme?: ThemeName;
  forcedColors?: boolean;
  state?: unknown;
}

/** One open results page. */
export class ResultsPage {
  readonly page: Page;
  readonly grid: Locator;
  readonly #problems: string[];

  constructor(page: Page, problems: string[]) {
    this.page = page;
    this.#problems = problems;
    this.grid = page.getByRole('grid');
  }

  async setTheme(name: ThemeName): Promise<void> {
    await this.page.evaluate((theme) => {
      document.documentElement.removeAttribute('style');
      for (const [key, value] of Object.entries(theme.variables)) {
        document.documentElement.style.setProperty(`--vscode-${key}`, value);
      }
      document.body.className = theme.bodyClass;
      document.body.dataset['vscodeThemeKind'] = theme.kind;
    }, THEMES[name]);
  }

  /** Shows a result with these columns. */
  async show(
    columns: readonly (readonly [string, FakeKind])[],
    snapshot: Partial<ResultSnapshot>,
    tabs?: ResultTab[],
  ): Promise<void> {
    await this.page.evaluate(
      ([defined, part, offered]) => {
        window.fakeHost.define(defined);
        window.fakeHost.show(part, offered);
      },
      [columns.map(([name, kind]) => ({ name, kind })), snapshot, tabs] as const,
    );
  }

  async showNothing(): Promise<void> {
    await this.page.evaluate(() => {
      window.fakeHost.show(null);
    });
  }

  /** The drawn cell of a row and column, both from 0. */
  cell(row: number, column: number): Locator {
    return this.page.locator(
      `[role=row][aria-rowindex="${row + 2}"]:not([hidden]) [role=gridcell][aria-colindex="${column + 1}"]`,
    );
  }

  /**
   * Waits until every cell on screen is there. Not by `waitForFunction`: it takes the first answer of
   * an async function, whatever it is.
   */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const isQuiet = (): boolean =>
        document.querySelector('.grid')?.ariaBusy === 'false' &&
        document.querySelector('.row:not([hidden]) .pending') === null;
      const end = performance.now() + 20_000;
      // What arrives is drawn in one frame, and may widen columns in the next.
      for (let quiet = 0; quiet < 4; quiet = isQuiet() ? quiet + 1 : 0) {
        if (performance.now() > end) throw new Error('Cells on screen are still missing.');
        await frame();
      }
    });
  }

  /** Numbers of the rows that are drawn, from 0, in order. */
  async drawnRows(): Promise<number[]> {
    const rows = await this.page.$$eval('.row:not([hidden])', (all) =>
      all.map((row) => Number(row.ariaRowIndex) - 2),
    );
    return rows.toSorted((a, b) => a - b);
  }

  /** [row, column] of the active cell, both from 0. */
  async active(): Promise<[number, number] | null> {
    return await this.page.evaluate(() => {
      const id = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant');
      const cell = id ? document.getElementById(id) : null;
      if (!cell?.parentElement) return null;
      return [Number(cell.parentElement.ariaRowIndex) - 2, Number(cell.ariaColIndex) - 1];
    });
  }

  /** Names of the columns on screen, from left to right. */
  async columnNames(): Promise<string[]> {
    const headers = await this.page.$$eval('[role=columnheader]', (all) =>
      all.map((header) => ({
        name: header.querySelector('.column-name')?.textContent ?? '',
        position: Number(header.ariaColIndex),
      })),
    );
    return headers.toSorted((a, b) => a.position - b.position).map(({ name }) => name);
  }

  /** What the host sends for a command of VS Code. */
  async post(message: HostMessage): Promise<void> {
    await this.page.evaluate((sent) => {
      window.fakeHost.post(sent);
    }, message);
    await this.settled();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
    await this.settled();
  }

  async sent<T extends WebviewMessage['type']>(
    type: T,
  ): Promise<Extract<WebviewMessage, { type: T }>[]> {
    const all = await this.page.evaluate(() => window.fakeHost.sent);
    return all.filter((m): m is Extract<WebviewMessage, { type: T }> => m.type === type);
  }

  /** CSP violations, console errors and warnings, uncaught errors. */
  async problems(): Promise<string[]> {
    return [...(await this.page.evaluate(() => window.fakeHost.violations)), ...this.#problems];
  }

  /** The console errors so far, which the test expected: they are no problems any more. */
  takeProblems(): string[] {
    return this.#problems.splice(0);
  }

  /** Accessibility violations, as one line each: of these rules, or of all. */
  async axe(runOnly?: string[]): Promise<string[]> {
    // evaluate() is not subject to the page's CSP.
    if (await this.page.evaluate(() => !('axe' in globalThis))) await this.page.evaluate(AXE);
    return await this.page.evaluate(
      async (options) => {
        const { violations } = await axe.run(document, options);
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' | ')}`);
      },
      runOnly === undefined ? {} : { runOnly },
    );
  }

  /** In each theme takes a screenshot, and fails for accessibility violations; `check` sees the page in each. */
  async lookInEachTheme(
    shotName: string,
    check: (theme: ThemeName) => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    let rules: string[] | undefined;
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      await this.setTheme(theme);
      await check(theme);
      await this.shot(`${shotName}-${theme}`);
      assert.deepEqual(await this.axe(rules), [], theme);
      rules = RULES_OF_COLOURS;
    }
  }

  async shot(name: string): Promise<void> {
    fs.mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: path.join(SHOTS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
