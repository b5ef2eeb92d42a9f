import { countOf, formatBytes } from '../../shared/humanNumbers.ts';
import type { ColumnInfo, TableInfo } from './metadata.ts';

const VIEW_ENGINES = ['View', 'MaterializedView', 'LiveView', 'WindowView'];

/** Engines whose rows lie elsewhere. */
const REMOTE_ENGINES =
  /^(MySQL|PostgreSQL|MongoDB|ODBC|JDBC|SQLite|Redis|Hive|HDFS|S3|S3Queue|GCS|COSN|OSS|AzureBlobStorage|AzureQueue|URL|Kafka|RabbitMQ|NATS|Iceberg\w*|DeltaLake\w*|Hudi|YTsaurus|ArrowFlight)$/;

/** True for views, which take no files. */
export function isView(engine: string): boolean {
  return VIEW_ENGINES.includes(engine);
}

/** Name of the codicon for a table of this engine. */
export function tableIcon(engine: string): string {
  if (isView(engine)) return engine === 'MaterializedView' ? 'layers' : 'eye';
  if (engine === 'Distributed' || engine === 'Merge') return 'references';
  if (engine === 'Dictionary') return 'book';
  if (engine === 'File') return 'file';
  if (REMOTE_ENGINES.test(engine)) return 'cloud';
  return engine.startsWith('System') ? 'settings-gear' : 'table';
}

/** Engine, rows and size as far as known. */
export function tableDescription({ engine, rows, bytes }: TableInfo): string {
  const parts = [engine];
  if (rows !== undefined) parts.push(countOf(rows, 'row'));
  if (bytes !== undefined) parts.push(formatBytes(bytes));
  return parts.join(' · ');
}

/** What is special about a column: keys first, then where its values come from. */
export function columnMarks(column: ColumnInfo): string[] {
  const marks: string[] = [];
  if (column.inPrimaryKey) marks.push('primary key');
  else if (column.inSortingKey) marks.push('sorting key');
  if (column.inPartitionKey) marks.push('partition key');
  if (column.defaultKind !== '') marks.push(column.defaultKind.toLowerCase());
  return marks;
}

export function columnIcon(column: ColumnInfo): string {
  if (column.inPrimaryKey || column.inSortingKey) return 'key';
  return column.defaultKind === '' ? 'symbol-field' : 'symbol-property';
}

/** Everything about a column, one fact a line. */
export function columnTooltip(column: ColumnInfo): string {
  const { name, type, defaultKind, defaultExpression, comment } = column;
  const lines = [`${name} ${type}`];
  if (defaultKind !== '') lines.push(`${defaultKind} ${defaultExpression}`);
  const marks = columnMarks(column).filter((mark) => mark.endsWith('key'));
  if (marks.length > 0) lines.push(marks.join(', '));
  if (comment !== '') lines.push('', comment);
  return lines.join('\n');
}
