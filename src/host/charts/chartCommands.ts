import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, UsageError } from '../../core/client/errors.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { Results } from '../results/results.ts';
import type { ResultsPage } from '../results/resultsPage.ts';
import { resultFileName } from '../transfer/fileNames.ts';
import { folderFor } from '../transfer/save/place.ts';

/**
 * Commands of the chart, from its buttons and context menu (which say which result) and the palette.
 * @param pages the latest used one last
 */
export function chartCommands(
  results: Results,
  pages: ReadonlySet<ResultsPage>,
): CommandHandlers<'charts'> {
  const pageOf = (argument: unknown): ResultsPage => {
    const answers = answersOf(argument);
    const id = textAnswer(answers, 'result') ?? textAnswer(answers, 'rowhouseResult');
    const page = [...pages].findLast((shown) => id === undefined || shown.resultId === id);
    if (!page) throw new UsageError('There is no result.', { hint: 'Run a statement first.' });
    return page;
  };
  return {
    'rowhouse.showChart': (argument) => {
      pageOf(argument).post({ type: 'showAs', chart: true });
    },
    'rowhouse.showGrid': (argument) => {
      pageOf(argument).post({ type: 'showAs', chart: false });
    },
    'rowhouse.copyChart': (argument) => {
      pageOf(argument).post({ type: 'copyChart' });
    },
    'rowhouse.saveChartAs': (argument) => saveChart(pageOf(argument), results, answersOf(argument)),
  };
}

/** @returns where the chart is; undefined when the user turned away */
async function saveChart(
  page: ResultsPage,
  results: Results,
  answers: Readonly<Record<string, unknown>>,
): Promise<vscode.Uri | undefined> {
  const document = results.byId(page.resultId ?? '')?.uri;
  // What is wrong is said before anybody chooses a place; and it is the chart of this moment that is saved.
  const png = await page.takeChart();
  const { target } = answers;
  const { givenUri, requireFree } = await import('../transfer/save/saveTarget.ts');
  const isGiven = typeof target === 'string' || target instanceof vscode.Uri;
  const uri = isGiven ? givenUri(target, document) : await askPlace(document);
  if (!uri) return undefined;
  // The dialog has asked by itself.
  if (isGiven) await requireFree(uri, answers['overwrite'] === true);
  try {
    await vscode.workspace.fs.writeFile(uri, png);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileError(uri.fsPath, `The chart was not saved: ${reason}`, undefined, {
      cause: error,
      hint: 'Choose another place.',
    });
  }
  page.post({ type: 'chartSaved', name: path.posix.basename(uri.path) });
  return uri;
}

function askPlace(document: vscode.Uri | undefined): Thenable<vscode.Uri | undefined> {
  const name = `${resultFileName(document?.path, undefined)}-chart.png`;
  return vscode.window.showSaveDialog({
    title: 'Save Chart as PNG',
    saveLabel: 'Save',
    filters: { PNG: ['png'] },
    defaultUri: vscode.Uri.file(path.join(folderFor(document), name)),
  });
}
