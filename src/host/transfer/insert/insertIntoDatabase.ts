import * as vscode from 'vscode';
import { insertSources } from '../../../core/transfer/insertSources.ts';
import type { Connection, Connections } from '../../connections/connections.ts';
import { showError } from '../../errors/showError.ts';
import { isView, tableDescription } from '../../explorer/look.ts';
import { type TableInfo, listTables } from '../../explorer/metadata.ts';
import { insertFiles } from '../insertFiles.ts';
import { fileNames } from './prepareInsert.ts';
import { tableForFile } from './tableByName.ts';

export interface DatabaseDrop {
  readonly connection: Connection;
  readonly database: string;
  /** Files and folders. */
  readonly sources: readonly string[];
}

async function askOne(
  tables: readonly TableInfo[],
  files: readonly string[],
  { database }: DatabaseDrop,
): Promise<string | undefined> {
  const items = tables.map((table) => ({
    label: table.name,
    description: tableDescription(table),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `Insert ${fileNames(files)} into a table of ${database}`,
    placeHolder: 'No table has the name of the file. Table',
  });
  return picked?.label;
}

/**
 * Inserts files into the tables they are named after; for those of other names a table is asked for. Each
 * table has its own question before anything is sent. Shows its own failures.
 */
export async function insertIntoDatabase(
  connections: Connections,
  drop: DatabaseDrop,
): Promise<void> {
  const { connection, database } = drop;
  try {
    const { files } = await insertSources(drop.sources);
    const client = await connections.client(connection.id);
    const tables = (await listTables(client, database)).filter(({ engine }) => !isView(engine));
    const names = tables.map(({ name }) => name);
    const byTable = new Map<string, string[]>();
    const unnamed = files.length === 0 ? [...drop.sources] : [];
    for (const file of files) {
      const table = tableForFile(file, names);
      if (table === undefined) unnamed.push(file);
      else byTable.set(table, [...(byTable.get(table) ?? []), file]);
    }
    if (unnamed.length > 0) {
      if (tables.length === 0) {
        throw new Error(`${database} has no table that takes rows. Create one first.`);
      }
      const table = await askOne(tables, unnamed, drop);
      if (table === undefined) return;
      byTable.set(table, [...(byTable.get(table) ?? []), ...unnamed]);
    }
    for (const [table, sources] of byTable) {
      await insertFiles(connections, {
        connection,
        sources,
        table: { database, table },
        confirm: true,
        waitForAnswer: true,
      });
    }
  } catch (error) {
    showError(error, { during: 'Nothing was inserted', connection: connection.id });
  }
}
