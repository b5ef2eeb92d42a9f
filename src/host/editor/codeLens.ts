import * as vscode from 'vscode';

/** Documents that Rowhouse works on. */
const SQL_DOCUMENTS: vscode.DocumentSelector = [{ language: 'sql' }, { language: 'clickhouse' }];

export function isSqlDocument(document: vscode.TextDocument): boolean {
  return vscode.languages.match(SQL_DOCUMENTS, document) > 0;
}

/** Scripts beyond this size get no lenses: nobody reads a dump's lenses, and splitting it takes time. */
const LARGEST_TEXT = 1_000_000;

class RunLenses implements vscode.CodeLensProvider {
  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const wanted = vscode.workspace
      .getConfiguration('rowhouse', document)
      .get<boolean>('codeLens', true);
    if (!wanted) return [];
    if (document.getText().length > LARGEST_TEXT) return [];
    const { allStatements } = await import('./currentStatement.ts');
    return allStatements(document).map(({ offset, sql }) => {
      const start = document.positionAt(offset);
      return new vscode.CodeLens(new vscode.Range(start, start), {
        title: '$(play) Run',
        tooltip: 'Run this statement',
        command: 'rowhouse.runQuery',
        arguments: [{ uri: document.uri, sql, offset }],
      });
    });
  }
}

export function registerCodeLens(): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(SQL_DOCUMENTS, new RunLenses());
}
