import * as vscode from 'vscode';
import type { Client, TableName } from '../../core/client/surface.ts';
import { FORMATS } from '../../core/transfer/formats.ts';
import type { Connection } from '../connections/connections.ts';
import { type TableInfo, listAllTables } from '../explorer/metadata.ts';
import { isView, tableDescription } from '../explorer/look.ts';

/** Asks for the files to insert; undefined when the user turned away. */
export async function askSources(): Promise<string[] | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: 'Insert File into Table',
    openLabel: 'Insert',
    canSelectMany: true,
  });
  return chosen?.map((uri) => uri.fsPath);
}

/**
 * Asks for a table of this connection.
 * @param suggest those to offer first
 */
export async function askTable(
  connection: Connection,
  client: Client,
  files: string,
  suggest: (tables: readonly TableInfo[]) => readonly TableInfo[] = () => [],
): Promise<TableName | undefined> {
  const items = listAllTables(client).then((tables) => {
    const usable = tables.filter(({ engine }) => !isView(engine));
    if (usable.length === 0) {
      throw new Error(`${connection.name} has no table that this user may see. Create one first.`);
    }
    const suggested = suggest(usable);
    return [...new Set([...suggested, ...usable])].map((table) => ({
      label: `${table.database}.${table.name}`,
      description: tableDescription(table),
      ...(suggested.includes(table) && { detail: 'In the statement of these results' }),
      table,
    }));
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: `Insert ${files} into a table of ${connection.name}`,
    placeHolder: 'Table',
  });
  return picked && { database: picked.table.database, table: picked.table.name };
}

/** Asks how to read a file whose name does not tell. */
export async function askInputFormat(fileName: string): Promise<string | undefined> {
  const items = FORMATS.filter(({ input }) => input).map(({ name, description }) => ({
    label: name,
    description,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Format of ${fileName}`,
    placeHolder: 'Format',
    matchOnDescription: true,
  });
  return picked?.label;
}
