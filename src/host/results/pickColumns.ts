import * as vscode from 'vscode';
import type { ResultColumn } from '../../shared/columns.ts';

interface ColumnItem extends vscode.QuickPickItem {
  column: number;
}

/** Asks which columns of a result to show; undefined when the user left it. At least one is always shown. */
export async function pickColumns(
  columns: readonly ResultColumn[],
  shown: readonly number[],
): Promise<number[] | undefined> {
  const visible = new Set(shown);
  const items = columns.map(({ name, type }, column): ColumnItem => ({
    label: name,
    description: type,
    picked: visible.has(column),
    column,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Columns to show',
    placeHolder: 'Choose at least one column',
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked && picked.length > 0 ? picked.map(({ column }) => column) : undefined;
}
