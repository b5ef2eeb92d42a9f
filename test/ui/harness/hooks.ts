import { afterEach } from 'mocha';
import assert from 'node:assert/strict';
import type { Workbench } from './workbench.ts';

/** Of each extension host. */
const LOGGED_LINES = 25;

/** After each test: a screenshot and the extension's log if it failed, and no complaint about a Content Security Policy. */
export function watch(current: () => Workbench | undefined): void {
  afterEach(async function () {
    const workbench = current();
    if (workbench === undefined) return;
    const test = this.currentTest;
    if (test?.state === 'failed') {
      await workbench.capture(test.fullTitle());
      console.error(`Log of Rowhouse:\n${workbench.server.lastLogged(LOGGED_LINES)}`);
    }
    assert.deepEqual(workbench.cspErrors.splice(0), []);
  });
}
