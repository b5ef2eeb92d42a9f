import path from 'node:path';
import * as vscode from 'vscode';
import type { Client, TableName } from '../../core/client/surface.ts';
import type { FormatInfo } from '../../core/transfer/formats.ts';
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

/**
 * Asks how to read a file of which nothing tells, or that is not what its name says; likely formats come first.
 * @param why a sentence
 */
export async function askInputFormat(file: string, why: string): Promise<string | undefined> {
  // The rest of this module is loaded when the window starts.
  const [{ FORMATS }, { likelyFormatsOf }] = await Promise.all([
    import('../../core/transfer/formats.ts'),
    import('../../core/transfer/sourceFile.ts'),
  ]);
  const likely = await likelyFormatsOf(file);
  const all = FORMATS.filter(({ input }) => input);
  const isLikely = ({ name }: FormatInfo): boolean => likely.includes(name);
  const sorted = [
    ...likely.flatMap((name) => all.filter((info) => info.name === name)),
    ...all.filter((info) => !isLikely(info)),
  ];
  const items = sorted.map(({ name, description }) => ({ label: name, description }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Format of ${path.basename(file)}`,
    placeHolder: why,
    matchOnDescription: true,
  });
  return picked?.label;
}
