import type { ViewSpec } from '../../../../shared/resultView.ts';
import { UsageError } from '../../../client/errors.ts';
import { sortedBy, type SpoolClauses } from '../spoolQuery.ts';
import type { SpoolTable } from '../spoolTable.ts';
import { filterCondition, searchCondition } from './condition.ts';

/**
 * The rows of a view as clauses of SQL over the result.
 * @throws UsageError when a filter's text is no value that its column may have
 */
export function viewClauses(table: SpoolTable, { sort, filters, search }: ViewSpec): SpoolClauses {
  const conditions = filters.map((filter) => filterCondition(table, filter));
  if (search) conditions.push(searchCondition(table, search));
  const keys = sort.map(({ column, direction }) => {
    const found = table.columns[column];
    if (!found) throw new UsageError('The sort is by a column that this result does not have.');
    return sortedBy(found, direction);
  });
  return {
    ...(conditions.length > 0 && { where: conditions.join(' AND ') }),
    ...(keys.length > 0 && { orderBy: keys.join(', ') }),
  };
}
