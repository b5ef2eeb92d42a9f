import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { zoneOffsets } from '../../src/core/types/format/tableZones.ts';
import { openWindow } from '../unit/arrow/windowCells.ts';
import type { RowhouseApi } from '../../src/host/api.ts';
import type { ResultSnapshot } from '../../src/shared/protocol.ts';

/** The extension under test, activated. */
export async function rowhouse(): Promise<RowhouseApi> {
  const extension = vscode.extensions.getExtension<RowhouseApi>('rowhouse.rowhouse');
  assert.ok(extension, 'The extension is not installed.');
  return extension.activate();
}

/**
 * A new SQL file of the workspace in an editor. Each test file is a bundle of its own, so a counter here
 * would give a name twice, and VS Code would show the document it still remembers under it.
 */
export async function openSql(content: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'The tests need a workspace folder.');
  const uri = vscode.Uri.joinPath(folder.uri, `statement-${randomUUID()}.sql`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  return vscode.window.showTextDocument(uri, { preview: false });
}

/** Puts the cursor in front of this text of the document. */
export function cursorAt(editor: vscode.TextEditor, text: string): void {
  const offset = editor.document.getText().indexOf(text);
  assert.ok(offset >= 0, `"${text}" is not in the document.`);
  const position = editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
}

export function select(editor: vscode.TextEditor, text: string): void {
  const offset = editor.document.getText().indexOf(text);
  assert.ok(offset >= 0, `"${text}" is not in the document.`);
  const { document } = editor;
  editor.selection = new vscode.Selection(
    document.positionAt(offset),
    document.positionAt(offset + text.length),
  );
}

/** The latest result of a document. */
export async function resultOf(uri: vscode.Uri): Promise<ResultSnapshot> {
  const api = await rowhouse();
  const result = api.results.of(uri);
  assert.ok(result, 'The document has no result.');
  return result;
}

/** Exact texts of the first rows of a document's result, read the way the page reads them. */
export async function cellsOf(uri: vscode.Uri, firstRow = 0, rows = 10): Promise<string[][]> {
  const api = await rowhouse();
  const { id, columns, timeZone, zones } = await resultOf(uri);
  const window = openWindow(await api.results.window(id, firstRow, rows), columns, {
    timeZone,
    zones: zoneOffsets(zones),
  });
  return Array.from({ length: window.rows }, (_, row) =>
    columns.map((_column, column) => window.cell(row, column).text),
  );
}

/** Runs SQL in a document's session and returns its first rows. */
export async function runAndRead(uri: vscode.Uri, sql: string): Promise<string[][]> {
  const api = await rowhouse();
  const outcome = await api.run({ uri, sql });
  assert.equal(outcome?.error, undefined);
  return cellsOf(uri);
}

/** Polls until the condition holds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  limitMs = 30_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** As `until`, about the latest result of a document, which may not be there yet. */
export async function untilResult(
  uri: vscode.Uri,
  condition: (result: ResultSnapshot) => boolean | Promise<boolean>,
  what: string,
): Promise<void> {
  const api = await rowhouse();
  await until(async () => {
    const result = api.results.of(uri);
    return result !== undefined && (await condition(result));
  }, what);
}

export async function closeEditors(): Promise<void> {
  // What a test edited must not ask whether to be saved.
  await vscode.workspace.saveAll();
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
