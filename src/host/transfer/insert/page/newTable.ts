import type { Client } from '../../../../core/client/surface.ts';
import { tableSql } from '../../../../core/client/tableName.ts';
import { createdTable } from '../../../../core/sql/createdTable.ts';
import { splitStatements } from '../../../../core/sql/split.ts';
import type { ColumnInfo } from '../../../../core/transfer/insertPlan.ts';
import { createTable, type TableProposal } from '../../../../core/transfer/tableFromFile.ts';
import type { ShownNewTable } from '../../../../shared/insert/insertProtocol.ts';
import { tableLabel } from '../tableLabel.ts';

/** A table that is to be created for a file, as far as the user has changed it. */
export class NewTable {
  readonly database: string | undefined;
  name: string;
  columns: readonly ColumnInfo[];
  engine: string;
  orderBy: string;
  /** The user's own statement, in place of the one that is made of the rest. */
  #ownDdl: string | undefined;

  constructor(
    table: { readonly database?: string; readonly table: string },
    proposal: Pick<TableProposal, 'columns' | 'engine' | 'orderBy'>,
  ) {
    this.database = table.database;
    this.name = table.table;
    this.columns = proposal.columns;
    this.engine = proposal.engine;
    this.orderBy = proposal.orderBy;
  }

  get table(): { database?: string; table: string } {
    const { database, name } = this;
    return database === undefined ? { table: name } : { database, table: name };
  }

  get ddl(): string {
    if (this.#ownDdl !== undefined) return this.#ownDdl;
    return this.name === '' ? '' : createTable(this);
  }

  set ddl(text: string) {
    this.#ownDdl = text === this.#made ? undefined : text;
  }

  resetStatement(): void {
    this.#ownDdl = undefined;
  }

  setType(column: number, type: string): void {
    this.columns = this.columns.map((one, index) => (index === column ? { ...one, type } : one));
  }

  /** Why it cannot be created; undefined: it can. */
  get refusal(): string | undefined {
    if (this.name === '') return 'The new table needs a name.';
    if (this.columns.some(({ type }) => type.trim() === '')) return 'Every column needs a type.';
    const [only, more] = splitStatements(this.ddl);
    const created = only && !more ? createdTable(only.text) : undefined;
    if (!created) return 'The statement must be one CREATE TABLE.';
    if (created.table === this.name && created.database === this.database) return undefined;
    const [made, wanted] = [tableLabel(created), tableLabel(this.table)];
    return `The statement creates ${made}, but the rows go to ${wanted}. Write the same name in both.`;
  }

  get shown(): ShownNewTable {
    const { name, engine, orderBy, ddl } = this;
    return { name, engine, orderBy, ddl, edited: this.#ownDdl !== undefined };
  }

  get #made(): string {
    return this.name === '' ? '' : createTable(this);
  }
}

/**
 * Creates it. False: a table of this name was there before, or may have been, so that it may hold other data.
 * @throws the server's errors.
 */
export async function createNewTable(
  client: Pick<Client, 'rawQuery' | 'command'>,
  { table, ddl }: NewTable,
): Promise<boolean> {
  const wasThere = await client.rawQuery(`EXISTS TABLE ${tableSql(table)}`, { format: 'TSV' }).then(
    (answer) => answer.text().trim() !== '0',
    () => true,
  );
  await client.command(ddl);
  return !wasThere;
}
