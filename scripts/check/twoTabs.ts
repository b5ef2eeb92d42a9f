import { openFile, showTab } from '../../test/ui/harness/editor.ts';
import { readRows } from '../../test/ui/harness/grid.ts';
import { runText } from '../../test/ui/harness/jobs.ts';
import { type CheckContext, expectSame } from './step.ts';

const TABS = [
  { name: 'a.sql', zone: 'Asia/Kathmandu', answer: '1' },
  { name: 'b.sql', zone: 'America/Lima', answer: '2' },
];

/** Gives each tab a setting and a temporary table of its own, and reads them after a tab switch. */
export async function twoTabs({ page, say }: CheckContext): Promise<void> {
  for (const { name, zone, answer } of TABS) {
    await openFile(page, name);
    await runText(page, `SET session_timezone = '${zone}'`);
    await runText(page, `CREATE TEMPORARY TABLE mine AS SELECT ${answer} AS answer`);
  }
  for (const { name, zone, answer } of TABS) {
    await showTab(page, name);
    await runText(page, `SELECT '${name}' AS tab, timezone() AS zone, answer FROM mine`);
    const [row] = await readRows(page, 1);
    say(`    ${name}: ${row?.join(' | ') ?? 'nothing'}`);
    expectSame(`values in ${name}`, row, [name, zone, answer]);
  }
}
