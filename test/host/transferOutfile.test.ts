import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as vscode from 'vscode';
import type { SaveReceipt } from '../../src/core/client/surface.ts';
import type { ScriptOutcome } from '../../src/host/transfer/script/scriptSummary.ts';
import { restoreDialogs } from './dialogs.ts';
import { cellsOf, closeEditors, openSql, resultOf, rowhouse } from './support.ts';

describe('INTO OUTFILE', () => {
  let folder: string;
  let uri: vscode.Uri;

  beforeEach(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-outfile-'));
    uri = (await openSql('SELECT 1')).document.uri;
  });

  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
    rmSync(folder, { recursive: true, force: true });
  });

  const at = (name: string): string => path.join(folder, name);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  async function run(sql: string): Promise<string | undefined> {
    return (await (await rowhouse()).run({ uri, sql }))?.error;
  }

  it('makes the file with the format and compression of its name, and tells the receipt', async () => {
    assert.equal(await run(`SELECT 1 AS one, 'x' INTO OUTFILE '${at('x.csv')}'`), undefined);
    assert.equal(text('x.csv'), '1,"x"\n');
    const { message, columns, complete } = await resultOf(uri);
    assert.match(message ?? '', /^Saved 1 row, 6 bytes, in .* to .*x\.csv \(CSV\)\. SHA-256: /);
    assert.equal(complete, true);
    assert.deepEqual(columns, []);
    await run(`SELECT 7 INTO OUTFILE '${at('y.tsv.gz')}'`);
    assert.equal(gunzipSync(readFileSync(at('y.tsv.gz'))).toString(), '7\n');
  });

  it('takes FORMAT, APPEND and TRUNCATE, and refuses an existing file without them', async () => {
    const target = at('x.txt');
    await run(`SELECT 1 AS one INTO OUTFILE '${target}' FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":1}\n');
    const refused = await run(`SELECT 2 AS one INTO OUTFILE '${target}' FORMAT JSONEachRow`);
    assert.match(refused ?? '', /exists already/);
    assert.match((await resultOf(uri)).error?.hint ?? '', /TRUNCATE/);
    await run(`SELECT 2 AS one INTO OUTFILE '${target}' APPEND FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":1}\n{"one":2}\n');
    await run(`SELECT 3 AS one INTO OUTFILE '${target}' TRUNCATE FORMAT JSONEachRow`);
    assert.equal(text('x.txt'), '{"one":3}\n');
  });

  it("starts relative names at the document's folder and runs in its session", async () => {
    await run('CREATE TEMPORARY TABLE mine AS SELECT 5 AS five');
    const name = `${path.basename(uri.fsPath, '.sql')}.csv`;
    await run(`SELECT * FROM mine INTO OUTFILE '${name}'`);
    const file = path.join(path.dirname(uri.fsPath), name);
    assert.equal(readFileSync(file, 'utf8'), '5\n');
    rmSync(file);
  });

  it('shows the rows as well with AND STDOUT', async () => {
    await run(`SELECT 1 AS one INTO OUTFILE '${at('x.csv')}' AND STDOUT`);
    assert.equal(text('x.csv'), '1\n');
    assert.deepEqual(await cellsOf(uri), [['1']]);
    assert.match((await resultOf(uri)).message ?? '', /^Saved .* running the statement again/);
  });

  it('leaves nothing of a statement that fails, and the old file as it was', async () => {
    writeFileSync(at('x.csv'), 'old');
    const failing = 'SELECT throwIf(number = 500000) FROM numbers(1000000)';
    const error = await run(`${failing} INTO OUTFILE '${at('x.csv')}' TRUNCATE`);
    assert.match(error ?? '', /throwIf|FUNCTION_THROW/i);
    assert.deepEqual(readdirSync(folder), ['x.csv']);
    assert.equal(text('x.csv'), 'old');
  });

  it('needs no question from Save Results As, and refuses a second place', async () => {
    const sql = `SELECT 1 INTO OUTFILE '${at('x.csv')}'`;
    const save = (more: object): Thenable<SaveReceipt | undefined> =>
      vscode.commands.executeCommand('rowhouse.saveResultsAs', { uri, sql, ...more });
    await assert.rejects(
      Promise.resolve(save({ format: 'CSV', target: at('y.csv') })),
      /itself says INTO OUTFILE/,
    );
    assert.deepEqual(readdirSync(folder), []);
    const receipt = await save({});
    assert.equal(receipt?.path, at('x.csv'));
    assert.equal(text('x.csv'), '1\n');
  });

  it('goes its own way in a script', async () => {
    const document = await openSql(`SELECT 1 INTO OUTFILE '${at('own.csv')}';\nSELECT 2;`);
    const outcome = await vscode.commands.executeCommand<ScriptOutcome>('rowhouse.saveScriptAs', {
      uri: document.document.uri,
      format: 'CSV',
      folder: at('all'),
    });
    assert.equal(text('own.csv'), '1\n');
    assert.equal(readdirSync(at('all')).length, 1);
    assert.deepEqual(
      outcome.steps.map(({ state }) => state),
      ['saved', 'saved'],
    );
  });
});
