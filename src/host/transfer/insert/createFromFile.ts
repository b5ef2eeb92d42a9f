import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import { proposeTable } from '../../../core/transfer/tableFromFile.ts';
import type { Connection } from '../../connections/connections.ts';
import { clientShown } from '../../connections/whileConnecting.ts';
import { listDatabases } from '../../explorer/metadata.ts';
import { askSources } from '../insertChoices.ts';
import { type InsertOutcome, type InsertParts, insertFiles } from '../insertFiles.ts';
import { fileNames } from '../fileNames.ts';
import { tableNameOf } from './tableByName.ts';

/** What is known before the first question. */
export interface CreateRequest {
  readonly connection: Connection;
  readonly sources: readonly string[] | undefined;
  readonly database: string | undefined;
  /** Default: as the first file is called. */
  readonly table: string | undefined;
  readonly format: string | undefined;
  /** False: the table that is proposed is created, and a failure rejects. */
  readonly confirm: boolean;
}

const SYSTEM = /^(?:system|information_schema)$/i;

/** The only database, or the one that is chosen; undefined: turned away. */
async function askDatabase(
  { connections }: InsertParts,
  connection: Connection,
  files: string,
): Promise<string | undefined> {
  const client = await clientShown(connections, connection.id);
  const all = await listDatabases(client);
  const own = all.filter(({ name }) => !SYSTEM.test(name));
  const [only] = own;
  if (only && own.length === 1) return only.name;
  const picked = await vscode.window.showQuickPick(
    own.map(({ name, engine }) => ({ label: name, description: engine })),
    { title: `Create a table for ${files} in ${connection.name}`, placeHolder: 'Database' },
  );
  return picked?.label;
}

/** Creates a table for files and inserts them, after the page that shows both. Undefined: turned away. */
export async function createFromFile(
  parts: InsertParts,
  request: CreateRequest,
): Promise<InsertOutcome | undefined> {
  const { connection, confirm, format } = request;
  if (!confirm && request.sources === undefined) {
    throw new UsageError('Without a confirmation the source must be given.');
  }
  const sources = request.sources ?? (await askSources());
  const [first] = sources ?? [];
  if (!sources || first === undefined) return undefined;
  const database =
    request.database ??
    (confirm ? await askDatabase(parts, connection, fileNames(sources)) : undefined);
  if (confirm && database === undefined) return undefined;
  const name = request.table ?? tableNameOf(first);
  const table = database === undefined ? { table: name } : { database, table: name };
  if (!confirm) {
    const { connections } = parts;
    const client = await clientShown(connections, connection.id);
    const { ddl } = await proposeTable(client.rawQuery.bind(client), {
      path: first,
      table,
      format,
      serverReadsFiles: connection.kind === 'local',
      sendsFiles: true,
    });
    await client.command(ddl);
  }
  return insertFiles(parts, { connection, sources, table, format, confirm, createsTable: confirm });
}
