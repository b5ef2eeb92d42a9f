import type { RequestOptions, Settings } from '../../client/surface.ts';
import type { QuerySource } from './querySource.ts';
import { isRefused, isSettingRefused } from './refused.ts';

export interface DescribedColumn {
  name: string;
  type: string;
}

/**
 * The exact column types of a SELECT. `DESCRIBE TABLE view(…)` and not `DESCRIBE (…)`, because the latter runs scalar
 * subqueries (ClickHouse/ClickHouse#60847): one that scans a big table takes as long as the query itself.
 * @param select the statement without FORMAT, INTO OUTFILE, `;` and outer parentheses
 * @param settings left out where the session no longer takes them (`SET readonly = 1`)
 * @returns undefined when the server cannot describe it, for example with duplicate column names
 */
export async function describeColumns(
  source: QuerySource,
  select: string,
  request: RequestOptions,
  settings: Settings,
): Promise<DescribedColumn[] | undefined> {
  try {
    const reply = await source.rawQuery(`DESCRIBE TABLE view(${select}\n)`, {
      ...request,
      settings: { ...request.settings, ...settings },
      format: 'JSONCompact',
      compression: 'none',
    });
    return columnsOf(JSON.parse(reply.text()));
  } catch (error) {
    if (isSettingRefused(error) && Object.keys(settings).length > 0) {
      return describeColumns(source, select, request, {});
    }
    // The run that follows says what is wrong with the statement, if anything.
    if (isRefused(error)) return undefined;
    throw error;
  }
}

function columnsOf(reply: unknown): DescribedColumn[] | undefined {
  if (typeof reply !== 'object' || reply === null || !('data' in reply)) return undefined;
  if (!Array.isArray(reply.data)) return undefined;
  const columns: DescribedColumn[] = [];
  for (const row of reply.data as readonly unknown[]) {
    const [name, type] = Array.isArray(row) ? (row as readonly unknown[]) : [];
    if (typeof name !== 'string' || typeof type !== 'string') return undefined;
    columns.push({ name, type: onOneLine(type) });
  }
  return columns;
}

/** Undoes `print_pretty_type_names` where it may not be switched off. Line ends of names and literals are escaped. */
const onOneLine = (type: string): string =>
  type.replaceAll(/(,?)\n */g, (_, comma: string) => (comma === '' ? '' : ', '));
