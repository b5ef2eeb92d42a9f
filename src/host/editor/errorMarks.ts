import * as vscode from 'vscode';
import type { EditorStatement } from './currentStatement.ts';

/** Squiggles at the place a server's error names. They go with the next edit or run of the document. */
export class ErrorMarks implements vscode.Disposable {
  readonly #marks = vscode.languages.createDiagnosticCollection('rowhouse');
  readonly #subscription = vscode.workspace.onDidChangeTextDocument(
    ({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#marks.delete(document.uri);
    },
  );

  clear(uri: vscode.Uri): void {
    this.#marks.delete(uri);
  }

  /** Marks the statement, if it still stands where it stood when it was sent. */
  async show(statement: EditorStatement, message: string, code: string): Promise<void> {
    const { errorPosition } = await import('../../core/sql/errorPosition.ts');
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.toString() === statement.uri.toString(),
    );
    if (!document) return;
    const { sql, offset } = statement;
    const stands = document.getText(rangeOf(document, offset, offset + sql.length)) === sql;
    if (!stands) return;
    const place = errorPosition(message, sql) ?? { start: 0, end: firstLineLength(sql) };
    const range = rangeOf(document, offset + place.start, offset + place.end);
    const mark = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    mark.source = 'ClickHouse';
    mark.code = code;
    this.#marks.set(statement.uri, [mark]);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#marks.dispose();
  }
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

function firstLineLength(sql: string): number {
  const lineEnd = sql.search(/\r?\n/);
  return lineEnd === -1 ? sql.length : lineEnd;
}
