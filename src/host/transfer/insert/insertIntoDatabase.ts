import * as vscode from 'vscode';
import type { Connection } from '../../connections/connections.ts';
import { clientShown } from '../../connections/whileConnecting.ts';
import { showError } from '../../errors/showError.ts';
import { isView, tableDescription } from '../../explorer/look.ts';
import { type TableInfo, listTables } from '../../explorer/metadata.ts';
import { type InsertParts, insertFiles } from '../insertFiles.ts';
import { fileNames } from '../fileNames.ts';
import { lookForFiles } from './lookForFiles.ts';
import { tableForFile, tableNameOf } from './tableByName.ts';

export interface DatabaseDrop {
  readonly connection: Connection;
  readonly database: string;
  /** Files and folders. */
  readonly sources: readonly string[];
}

/** `isNew`: it does not exist yet. */
interface Target {
  readonly table: string;
  readonly isNew: boolean;
}

async function askOne(
  tables: readonly TableInfo[],
  files: readonly string[],
  { database }: DatabaseDrop,
): Promise<Target | undefined> {
  const name = tableNameOf(files[0] ?? '');
  const items = [
    { label: '$(add) New table…', description: name, target: { table: name, isNew: true } },
    ...tables.map((table) => ({
      label: table.name,
      description: tableDescription(table),
      target: { table: table.name, isNew: false },
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `Insert ${fileNames(files)} into a table of ${database}`,
    placeHolder: 'No table has the name of the file. Table',
  });
  return picked?.target;
}

/**
 * Inserts files into the tables they are named after; for those of other names a table is asked for, which
 * may be a new one. Each table has its own page before anything is sent. Shows its own failures.
 */
export async function insertIntoDatabase(parts: InsertParts, drop: DatabaseDrop): Promise<void> {
  const { connection, database } = drop;
  try {
    const { files } = await lookForFiles(drop.sources);
    const client = await clientShown(parts.connections, connection.id);
    const tables = (await listTables(client, database)).filter(({ engine }) => !isView(engine));
    const names = tables.map(({ name }) => name);
    const byTable = new Map<string, string[]>();
    const unnamed = files.length === 0 ? [...drop.sources] : [];
    for (const file of files) {
      const table = tableForFile(file, names);
      if (table === undefined) unnamed.push(file);
      else byTable.set(table, [...(byTable.get(table) ?? []), file]);
    }
    const target = unnamed.length > 0 ? await askOne(tables, unnamed, drop) : undefined;
    if (unnamed.length > 0 && !target) return;
    if (target?.isNew === false) {
      byTable.set(target.table, [...(byTable.get(target.table) ?? []), ...unnamed]);
    }
    const jobs = [...byTable].map(([table, sources]) => ({ table, sources, createsTable: false }));
    if (target?.isNew === true) {
      jobs.push({ table: target.table, sources: unnamed, createsTable: true });
    }
    for (const { table, ...job } of jobs) {
      await insertFiles(parts, {
        ...job,
        connection,
        table: { database, table },
        confirm: true,
        waitForAnswer: true,
      });
    }
  } catch (error) {
    showError(error, { during: 'Nothing was inserted', connection: connection.id });
  }
}
