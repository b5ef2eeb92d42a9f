import { afterEach } from 'mocha';
import assert from 'node:assert/strict';
import type { Workbench } from './workbench.ts';

/** After each test: a screenshot if it failed, and no complaint about a Content Security Policy. */
export function watch(current: () => Workbench | undefined): void {
  afterEach(async function () {
    const workbench = current();
    if (workbench === undefined) return;
    const test = this.currentTest;
    if (test?.state === 'failed') await workbench.capture(test.fullTitle());
    assert.deepEqual(workbench.cspErrors.splice(0), []);
  });
}
