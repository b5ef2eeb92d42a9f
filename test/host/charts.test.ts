import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { answer, restoreDialogs } from './dialogs.ts';
import { closeEditors, openSql, resultOf, rowhouse, until } from './support.ts';

const PNG = '89504e47';

describe('the chart of a result', () => {
  let folder: string;
  let uri: vscode.Uri;
  const at = (name: string): string => path.join(folder, name);
  const signature = (name: string): string => readFileSync(at(name)).subarray(0, 4).toString('hex');

  before(async () => {
    await rowhouse();
    folder = mkdtempSync(path.join(tmpdir(), 'rowhouse-chart-'));
  });
  beforeEach(async () => {
    uri = (await openSql('SELECT 1;\n')).document.uri;
  });
  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const save = (answers: object): Thenable<vscode.Uri | undefined> =>
    vscode.commands.executeCommand('rowhouse.saveChartAs', answers);

  /** Runs it and waits until its chart can be saved. */
  async function drawn(sql: string): Promise<string> {
    const api = await rowhouse();
    await api.run({ uri, sql });
    const { id: result } = await resultOf(uri);
    await vscode.commands.executeCommand('rowhouse.showChart', { result });
    await until(async () => {
      const saved = save({ result, target: at('drawn.png'), overwrite: true });
      return saved.then(
        () => true,
        () => false,
      );
    }, 'the chart is drawn');
    return result;
  }

  it('is saved where the caller says, and replaces nothing unasked', async () => {
    const result = await drawn('SELECT number, sqrt(number) AS root FROM numbers(100)');
    const saved = await save({ result, target: at('new.png') });
    assert.equal(saved?.fsPath, at('new.png'));
    assert.equal(signature('new.png'), PNG);
    writeFileSync(at('mine.png'), 'mine');
    await assert.rejects(
      Promise.resolve(save({ result, target: at('mine.png') })),
      /mine\.png exists already/,
    );
    assert.equal(readFileSync(at('mine.png'), 'utf8'), 'mine');
    await save({ result, target: at('mine.png'), overwrite: true });
    assert.equal(signature('mine.png'), PNG);
    await assert.rejects(Promise.resolve(save({ result, target: folder })), /is a folder/);
  });

  it('is saved at the place that the dialog gives, or not at all', async () => {
    const result = await drawn('SELECT number, sqrt(number) AS root FROM numbers(100)');
    let asked: vscode.SaveDialogOptions = {};
    answer('showSaveDialog', (options) => {
      asked = options as vscode.SaveDialogOptions;
      return vscode.Uri.file(at('asked.png'));
    });
    await save({ result });
    assert.equal(signature('asked.png'), PNG);
    assert.match(asked.defaultUri?.path ?? '', /^.*\/statement-.*-chart\.png$/);
    answer('showSaveDialog', () => undefined);
    assert.equal(await save({ result }), undefined);
  });

  it('is missing while the grid is shown, and of a result that is gone', async () => {
    const result = await drawn('SELECT number FROM numbers(10)');
    await vscode.commands.executeCommand('rowhouse.showGrid', { result });
    await assert.rejects(
      Promise.resolve(save({ result, target: at('grid.png') })),
      /There is no chart/,
    );
    await assert.rejects(
      Promise.resolve(save({ result: 'another', target: at('grid.png') })),
      /There is no result/,
    );
  });
});
