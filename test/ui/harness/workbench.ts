import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { testResults } from '../../../scripts/lib/paths.mjs';
import { launchBrowser } from './browser.ts';
import { VscodeServer, type OpenOptions, type ServerOptions } from './vscodeServer.ts';

const WORKBENCH_TIMEOUT_MS = 90_000;
const ACTION_TIMEOUT_MS = 20_000;

/** A VS Code window: server, browser and page. Start it once per test file, stop it in `after`. */
export class Workbench {
  readonly server: VscodeServer;
  readonly page: Page;
  /** Messages about the Content Security Policy of any page: each one is a broken webview. */
  readonly cspErrors: string[] = [];
  readonly #browser: Browser;

  private constructor(server: VscodeServer, browser: Browser, page: Page) {
    this.server = server;
    this.#browser = browser;
    this.page = page;
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && text.includes('Content Security Policy')) {
        this.cspErrors.push(text);
      }
    });
  }

  /** Starts the server and the browser; the page is still empty. */
  static async launch(options: ServerOptions): Promise<Workbench> {
    const [server, browser] = await Promise.all([VscodeServer.start(options), launchBrowser()]);
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      reducedMotion: 'reduce',
    });
    const origin = `http://127.0.0.1:${server.port}`;
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    return new Workbench(server, browser, page);
  }

  static async start(options: ServerOptions): Promise<Workbench> {
    const workbench = await Workbench.launch(options);
    try {
      await workbench.open();
      return workbench;
    } catch (error) {
      await workbench.capture('workbench-start');
      await workbench.stop();
      throw error;
    }
  }

  /** Loads the workbench and waits for its explorer. The load event comes after 19 MB of script. */
  async open(options: OpenOptions = {}): Promise<void> {
    await this.page.goto(this.server.url(options), { waitUntil: 'commit' });
    await this.page.waitForSelector('.monaco-workbench', { timeout: WORKBENCH_TIMEOUT_MS });
    await this.page.locator('.explorer-folders-view').waitFor({ timeout: WORKBENCH_TIMEOUT_MS });
  }

  /** Absolute path of a file in the workspace. */
  path(name: string): string {
    return join(this.server.workspace, name);
  }

  /** Writes a screenshot and the server's log to test-results/. */
  async capture(name: string): Promise<void> {
    mkdirSync(testResults, { recursive: true });
    const file = join(testResults, name.replaceAll(/[^\w.-]+/g, '-').slice(0, 120));
    await this.page.screenshot({ path: `${file}.png` }).catch(() => undefined);
    if (existsSync(this.server.log)) copyFileSync(this.server.log, `${file}.log`);
  }

  /** Leaves the page first: a plain close keeps the extension host waiting for a reconnection. */
  async stop(): Promise<void> {
    await this.page.goto('about:blank').catch(() => undefined);
    const closing = this.#browser.close();
    await this.server.stop();
    await closing;
  }
}
