import { UsageError } from '../../client/errors.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { SpoolTable } from './spoolTable.ts';
import type { TableColumn } from './tableColumn.ts';

/**
 * The statement whose result is the rows of a result, in their order and under their names, for a file.
 * @throws UsageError for columns that no SELECT can name apart
 */
export function savedSelect({ columns, from }: SpoolTable): string {
  const names = columns.map(({ column }) => column.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new UsageError(`Two columns of this result have the name "${twice}".`, {
      hint: 'Run the statement again for the file, or give one of them another name with AS.',
    });
  }
  const list = columns.map(
    (column) => `${savedValue(column)} AS ${quoteIdentifier(column.column.name)}`,
  );
  return `SELECT ${list.join(', ')} FROM ${from}`;
}

/** Dynamic is held as JSON text; what its cell shows is what the server writes for it. */
function savedValue({ column, value, text }: TableColumn): string {
  return column.type.startsWith('Dynamic') ? (text ?? value) : value;
}
