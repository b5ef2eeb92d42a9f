import type * as vscode from 'vscode';
import { type Statement, splitStatements, statementAt } from '../../core/sql/split.ts';

/** A statement taken from an editor, with where it stands. */
export interface EditorStatement {
  readonly uri: vscode.Uri;
  /** The statement itself, without comments around it and without its `;`. */
  readonly sql: string;
  readonly kind: Statement['kind'];
  /** UTF-16 offset of `sql` in the document. */
  readonly offset: number;
}

function toEditorStatement(
  document: vscode.TextDocument,
  statement: Statement,
  shift: number,
): EditorStatement {
  const { text, kind, start } = statement;
  return { uri: document.uri, sql: text, kind, offset: shift + start };
}

/** Every statement of the document. */
export function allStatements(document: vscode.TextDocument): EditorStatement[] {
  return splitStatements(document.getText()).map((statement) =>
    toEditorStatement(document, statement, 0),
  );
}

/**
 * What "Run Query" means in this editor: the statements of the selection if something is selected, else
 * the one at the cursor. Empty for comments and white space only.
 */
export function selectedStatements(editor: vscode.TextEditor): EditorStatement[] {
  const { document, selection } = editor;
  if (!selection.isEmpty) {
    const shift = document.offsetAt(selection.start);
    return splitStatements(document.getText(selection)).map((statement) =>
      toEditorStatement(document, statement, shift),
    );
  }
  const statement = statementAt(document.getText(), document.offsetAt(selection.active));
  return statement ? [toEditorStatement(document, statement, 0)] : [];
}
