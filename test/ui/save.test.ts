import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { useEngine } from '../engine/fixture.ts';
import { takeToast, toast } from './harness/dialogs.ts';
import { openFile, setText } from './harness/editor.ts';
import { pressInHeader } from './harness/grid.ts';
import { watch } from './harness/hooks.ts';
import { runText, saveShownResult } from './harness/jobs.ts';
import { confirmOverwrite, dismiss, pick, runCommand, saveAs } from './harness/quickInput.ts';
import { Workbench } from './harness/workbench.ts';

const QUERY = `SELECT number AS n, toString(number) || ' "quoted", and more' AS text, if(number % 7 = 0, NULL, number / 3) AS third FROM numbers(200000)`;

const FORMATS = [
  { label: 'CSV', name: 'saved.csv', format: 'CSVWithNames' },
  { label: 'TSV', name: 'saved.tsv', format: 'TabSeparatedWithNames' },
  { label: 'Parquet', name: 'saved.parquet', format: 'Parquet' },
  { label: 'JSON Lines', name: 'saved.jsonl', format: 'JSONEachRow' },
];

describe('saving a result', function () {
  this.timeout(60_000);
  const endpoint = useEngine();
  const folder = mkdtempSync(join(tmpdir(), 'rowhouse-save-'));
  let workbench: Workbench;
  watch(() => workbench);

  /** What a plain HTTP client gets for the same query and format from a ClickHouse. */
  async function serverBytes(format: string): Promise<Buffer> {
    const { url, username, password, headers } = endpoint();
    const login = Buffer.from(`${username}:${password}`).toString('base64');
    const reply = await fetch(`${url}/?default_format=${format}`, {
      method: 'POST',
      headers: { ...headers, Authorization: `Basic ${login}` },
      body: QUERY,
    });
    assert.equal(reply.status, 200);
    return Buffer.from(await reply.arrayBuffer());
  }

  before(async () => {
    workbench = await Workbench.start({ extensions: [root], files: { 'query.sql': '\n' } });
    await openFile(workbench.page, 'query.sql');
    await runText(workbench.page, QUERY);
  });
  after(async () => {
    await workbench.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { label, name, format } of FORMATS) {
    it(`writes the server's bytes as ${label}`, async () => {
      const target = join(folder, name);
      assert.match(await saveShownResult(workbench.page, label, target), /^Saved .* to saved\./);
      const expected = await serverBytes(format);
      assert.ok(readFileSync(target).equals(expected), `${name} differs from the server's bytes`);
    });
  }

  it('replaces a file only after a question', async () => {
    const { page } = workbench;
    const target = join(folder, 'mine.csv');
    writeFileSync(target, 'mine');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    await confirmOverwrite(page, false);
    await dismiss(page);
    assert.equal(readFileSync(target, 'utf8'), 'mine');
    await pressInHeader(page, 'Save results as…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    await confirmOverwrite(page, true);
    await takeToast(page, /Saved /);
    assert.ok(readFileSync(target).equals(await serverBytes('CSVWithNames')));
  });

  it('leaves no file when the statement fails half-way', async () => {
    const { page } = workbench;
    const target = join(folder, 'failed.csv');
    await setText(page, "SELECT throwIf(number = 2000000, 'half-way') FROM numbers(3000000)");
    await runCommand(page, 'ClickHouse: Save Results As…');
    await pick(page, 'CSV');
    await saveAs(page, 'Save Results As', target);
    await toast(page, 'half-way').first().waitFor();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('failed')),
      [],
    );
  });

  it('leaves no file and an untouched folder when the dialog is dismissed', async () => {
    const { page } = workbench;
    await runCommand(page, 'ClickHouse: Save Results As…');
    await pick(page, 'TSV');
    await page.locator('.quick-input-title', { hasText: 'Save Results As' }).waitFor();
    await dismiss(page);
    assert.equal(existsSync(workbench.path('query.tsv')), false);
  });
});
