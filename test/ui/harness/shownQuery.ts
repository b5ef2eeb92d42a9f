import { after, before } from 'mocha';
import { root } from '../../../scripts/lib/paths.mjs';
import { openFile } from './editor.ts';
import { readRows, waitForResult } from './grid.ts';
import { watch } from './hooks.ts';
import { Workbench } from './workbench.ts';

/**
 * A window for the tests of a describe block, in which `sql`, the text of query.sql, has run; at least three of its
 * rows are on screen.
 * @param statement how the title of its result begins
 */
export function useShownQuery(sql: string, statement: string): () => Workbench {
  let workbench: Workbench | undefined;
  watch(() => workbench);
  before(async () => {
    workbench = await Workbench.start({ extensions: [root], files: { 'query.sql': sql } });
    const { page } = workbench;
    await openFile(page, 'query.sql');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement });
    await readRows(page, 3);
  });
  after(() => workbench?.stop());
  return () => {
    if (workbench === undefined) throw new Error('The window is not open yet.');
    return workbench;
  };
}
