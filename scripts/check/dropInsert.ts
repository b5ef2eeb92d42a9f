import { join } from 'node:path';
import { openFile } from '../../test/ui/harness/editor.ts';
import { readRows } from '../../test/ui/harness/grid.ts';
import { insertByDrop, runText, tableRow } from '../../test/ui/harness/jobs.ts';
import { samples } from '../samples.mjs';
import { type CheckContext, expectSame } from './step.ts';

/** Drops a file of the operating system on a table of the Connections view. */
export async function dropInsert({ page, readBack, say }: CheckContext): Promise<void> {
  const file = join(samples, 'data/seattle-weather.csv');
  const expected = await readBack(`SELECT count() FROM file('${file}', 'CSVWithNames')`);
  await openFile(page, 'check.sql');
  await runText(
    page,
    "CREATE TABLE weather ENGINE = MergeTree ORDER BY tuple() EMPTY AS SELECT * FROM file('data/seattle-weather.csv')",
  );
  const row = await tableRow(page, 'default', 'weather');
  const { question, outcome } = await insertByDrop(page, row, file);
  say(`    asked: ${question.replaceAll(/\s*\n\s*/g, ' / ')}`);
  say(`    ${outcome}`);
  await openFile(page, 'check.sql');
  await runText(page, 'SELECT count() FROM weather');
  const [[rows] = []] = await readRows(page, 1);
  say(`    rows in the table: ${rows ?? 'none'}`);
  expectSame('rows inserted', rows, expected);
}
