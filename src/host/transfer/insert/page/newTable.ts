import { splitStatements } from '../../../../core/sql/split.ts';
import type { ColumnInfo } from '../../../../core/transfer/insertPlan.ts';
import { createTable, type TableProposal } from '../../../../core/transfer/tableFromFile.ts';
import type { ShownNewTable } from '../../../../shared/insert/insertProtocol.ts';

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
    const isCreate = only !== undefined && /^CREATE\s/i.test(only.text);
    return isCreate && !more ? undefined : 'The statement must be one CREATE TABLE.';
  }

  get shown(): ShownNewTable {
    const { name, engine, orderBy, ddl } = this;
    return { name, engine, orderBy, ddl, edited: this.#ownDdl !== undefined };
  }

  get #made(): string {
    return this.name === '' ? '' : createTable(this);
  }
}
