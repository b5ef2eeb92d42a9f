import { openFile, selectLines, setText } from '../../test/ui/harness/editor.ts';
import { columnNames, readRows, rowCount, waitForResult } from '../../test/ui/harness/grid.ts';
import { type CheckContext, expectSame } from './step.ts';

const CREATE = `CREATE TABLE flights ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('data/flights-3m.parquet');`;
/** In one order and by one thread, so that every ClickHouse of this version answers with the same bytes. */
export const FLIGHTS =
  "SELECT *, toTimeZone(date, 'Asia/Kathmandu') AS there FROM flights ORDER BY ALL SETTINGS max_threads = 1";
const SELECT = `${FLIGHTS};`;

/** Runs selected statements and reads the rows from the grid. */
export async function runSelection({ page, say }: CheckContext): Promise<void> {
  await openFile(page, 'check.sql');
  await setText(page, `${CREATE}\n${SELECT}\nSELECT 'not selected';`);
  for (const [line, sql] of [CREATE, SELECT].entries()) {
    await selectLines(page, line + 1, line + 1);
    await page.keyboard.press('Control+Enter');
    const state = await waitForResult(page, { statement: sql.slice(0, 20), timeoutMs: 120_000 });
    say(`    ${sql}\n        ${state}`);
  }
  expectSame('rows in the grid', await rowCount(page), 3_000_000);
  say(`    columns: ${(await columnNames(page)).join(', ')}`);
  for (const row of await readRows(page, 3)) say(`    row: ${row.join(' | ')}`);
}
