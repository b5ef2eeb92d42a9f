// Makes the README's pictures from the real thing: `npm run pictures`.
import { join } from 'node:path';
import { goTo, openFile } from '../../test/ui/harness/editor.ts';
import { waitForResult } from '../../test/ui/harness/grid.ts';
import { setTheme } from '../../test/ui/harness/theme.ts';
import { expand, showContainer, treeRow } from '../../test/ui/harness/views.ts';
import { Workbench } from '../../test/ui/harness/workbench.ts';
import { readFileSync } from 'node:fs';
import { root } from '../lib/paths.mjs';
import { prepareSamples, samples } from '../samples.mjs';

prepareSamples();
const tour = readFileSync(join(samples, 'tour.sql'), 'utf8');
const line = (text: string): number => tour.slice(0, tour.indexOf(text)).split('\n').length;

const workbench = await Workbench.start({
  extensions: [root],
  files: { 'tour.sql': tour },
  links: { data: join(samples, 'data') },
  settings: { 'workbench.colorTheme': 'Dark Modern', 'editor.fontSize': 13 },
});
try {
  const { page } = workbench;
  await page.setViewportSize({ width: 1280, height: 800 });
  await openFile(page, 'tour.sql');
  for (const text of ['CREATE TABLE IF NOT EXISTS weather', 'flight.origin AS airport']) {
    await goTo(page, line(text));
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: text.startsWith('CREATE') ? 'CREATE' : 'SELECT' });
  }
  await showContainer(page, 'ClickHouse');
  await expand(treeRow(page, 'Local ClickHouse'));
  await expand(treeRow(page, 'default'));
  await expand(treeRow(page, 'weather'));
  await treeRow(page, 'precipitation').waitFor();
  for (const theme of ['dark', 'light'] as const) {
    await setTheme(workbench, theme);
    await page.waitForFunction(() => document.querySelector('.monaco-workbench') !== null);
    await page.screenshot({ path: join(root, `media/screenshot-${theme}.png`) });
  }
} finally {
  await workbench.stop();
}
