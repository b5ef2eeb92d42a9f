import { UsageError } from '../../client/errors.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { SpoolTable } from './spoolTable.ts';

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
  const list = columns.map(({ column, value }) => `${value} AS ${quoteIdentifier(column.name)}`);
  return `SELECT ${list.join(', ')} FROM ${from}`;
}
