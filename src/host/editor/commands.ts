import * as vscode from 'vscode';
import { classify } from '../../core/sql/kind.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { Results } from '../results/results.ts';
import { type EditorStatement, allStatements, selectedStatements } from './currentStatement.ts';
import { isSqlDocument } from './codeLens.ts';
import type { Runner } from './runner.ts';

/** What a caller may pass to `rowhouse.runQuery`, for key bindings, CodeLens, tasks and tests. */
export interface RunArguments {
  /** Default: the active editor's document. */
  uri?: vscode.Uri;
  /** Default: the selection, or the statement at the cursor. */
  sql?: string;
  /** Where `sql` stands in the document, for marking errors. */
  offset?: number;
  /** Values for `{name:Type}` placeholders; without them the user is asked. */
  params?: Readonly<Record<string, unknown>>;
  /** False: does not ask before a statement that destroys on a production connection. Default true. */
  confirm?: boolean;
}

/** What `rowhouse.runQuery` returns. */
export interface RunOutcome {
  rows: number;
  complete: boolean;
  error?: string;
}

export function editorCommands(runner: Runner, results: Results): CommandHandlers<'editor'> {
  return {
    'rowhouse.runQuery': (args) => runQuery(runner, args),
    'rowhouse.runAll': async () => {
      const editor = activeEditor();
      const statements = editor ? allStatements(editor.document) : [];
      if (statements.length === 0) tellNothing();
      else await runner.runAll(statements);
    },
    // `{uri}`: the document whose statement is to end; default: the active editor's.
    'rowhouse.cancelQuery': (args) => {
      const uri = toRunArguments(args).uri ?? activeEditor()?.document.uri;
      const run = (uri && results.runningOf(uri)) ?? results.current;
      run?.cancel();
    },
  };
}

async function runQuery(runner: Runner, args: unknown): Promise<RunOutcome | undefined> {
  const given = toRunArguments(args);
  const statements = given.sql === undefined ? fromEditor() : fromArguments(given, given.sql);
  const [first, ...rest] = statements;
  if (!first) {
    tellNothing();
    return undefined;
  }
  if (rest.length > 0) {
    await runner.runAll(statements);
    return undefined;
  }
  const run = await runner.run(first, given.params, { confirm: given.confirm !== false });
  if (!run) return undefined;
  const { rows, complete, error } = run.snapshot();
  return { rows, complete, ...(error && { error: error.message }) };
}

/** The editor title passes a Uri, CodeLens and callers pass an object of answers. */
function toRunArguments(args: unknown): RunArguments {
  if (args instanceof vscode.Uri || typeof args !== 'object' || args === null) return {};
  return args;
}

function fromArguments({ uri, offset }: RunArguments, sql: string): EditorStatement[] {
  const target = uri ?? activeEditor()?.document.uri;
  if (!target) return [];
  return [{ uri: target, sql, kind: classify(sql), offset: offset ?? 0 }];
}

function fromEditor(): EditorStatement[] {
  const editor = activeEditor();
  return editor ? selectedStatements(editor) : [];
}

/** The editor that commands act on. Works for any document: a selection in a Markdown file runs as well. */
function activeEditor(): vscode.TextEditor | undefined {
  return vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.find(isSqlEditor);
}

function isSqlEditor({ document }: vscode.TextEditor): boolean {
  return isSqlDocument(document);
}

function tellNothing(): void {
  void vscode.window.showInformationMessage('Nothing to run: there is no statement here.');
}
