import { resolve } from 'node:path';
import { UsageError } from '../client/errors.ts';
import type { StatementRunner, TableName } from '../client/surface.ts';
import { tableSql } from '../client/tableName.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import { type ColumnInfo, type InsertPlan, planInsert } from './insertPlan.ts';
import { inspectFile } from './sourceFile.ts';

/** A table that a file fits into. */
export interface TableProposal {
  readonly ddl: string;
  readonly columns: readonly ColumnInfo[];
  readonly plan: InsertPlan;
}

export interface TableFromFileOptions {
  readonly path: string;
  readonly table: TableName;
  readonly format?: string | undefined;
  /** True for the local engine. */
  readonly serverReadsFiles: boolean;
  readonly signal?: AbortSignal;
}

const SAMPLE_ROWS = 25_000;
/** Fewer rows say nothing about how many different texts a column has. */
const ENOUGH_ROWS = 100;
const FEW_TEXTS = 10_000;
const ROWS_PER_TEXT = 10;

/**
 * Proposes CREATE TABLE for a file by its first rows: the types that the server infers, Nullable only where
 * the sample has a NULL, LowCardinality for texts that repeat, MergeTree by an id, a time, or the first column
 * that is never NULL. Nothing is created.
 * @throws UsageError when the columns cannot be inferred; FileError as `inspectFile`.
 */
export async function proposeTable(
  query: StatementRunner['rawQuery'],
  options: TableFromFileOptions,
): Promise<TableProposal> {
  const { table, ...file } = options;
  const plan = await planInsert(query, file);
  if (plan.fileColumns === undefined || plan.fileColumns.length === 0) {
    throw new UsageError(`The columns of ${plan.path} could not be found out.`, {
      hint:
        plan.unreadable ??
        'A server tells those of text files only: create the table first, or use the local engine.',
    });
  }
  const facts = await sampleFacts(query, plan, options);
  const columns = plan.fileColumns.map((column, index) => proposed(column, facts, index));
  return { ddl: createTable(table, columns), columns, plan };
}

interface SampleFacts {
  readonly rows: number;
  readonly nulls: readonly number[];
  readonly different: readonly number[];
}

/** Counts in the sample; one request, the server's own reading of the file. */
async function sampleFacts(
  query: StatementRunner['rawQuery'],
  plan: InsertPlan,
  { serverReadsFiles, signal }: TableFromFileOptions,
): Promise<SampleFacts> {
  const columns = plan.fileColumns ?? [];
  const { source, params } = await sampleSource(plan, serverReadsFiles);
  const counts = columns.flatMap(({ name }) => {
    const column = quoteIdentifier(name);
    return [`countIf(isNull(${column}))`, `uniqExact(toString(${column}))`];
  });
  const sql = `SELECT array(count(), ${counts.join(', ')}) FROM (SELECT * FROM ${source} LIMIT ${SAMPLE_ROWS})`;
  const answer = await query(sql, {
    params,
    format: 'TabSeparated',
    settings: { ...plan.settings },
    ...(signal && { signal }),
  });
  const [rows = 0, ...pairs] = (JSON.parse(answer.text()) as (number | string)[]).map(Number);
  return {
    rows,
    nulls: pairs.filter((_, index) => index % 2 === 0),
    different: pairs.filter((_, index) => index % 2 === 1),
  };
}

async function sampleSource(
  { path, format, coding }: InsertPlan,
  serverReadsFiles: boolean,
): Promise<{ source: string; params: Record<string, string> }> {
  const formatSql = quoteIdentifier(format);
  if (serverReadsFiles) {
    return { source: `file(${quoteLiteral(resolve(path))}, ${formatSql})`, params: {} };
  }
  const { head, bytes } = await inspectFile(path, { format, contentEncoding: coding ?? 'none' });
  if (head === undefined) throw new UsageError(`The beginning of ${path} cannot be unpacked here.`);
  const end = coding === undefined && head.length === bytes ? -1 : head.lastIndexOf(0x0a);
  const text = head.subarray(0, end > 0 ? end : head.length).toString('utf8');
  return { source: `format(${formatSql}, {head:String})`, params: { head: text } };
}

function proposed({ name, type }: ColumnInfo, facts: SampleFacts, index: number): ColumnInfo {
  const inner = /^Nullable\((.*)\)$/s.exec(type)?.[1];
  const bare = inner !== undefined && facts.nulls[index] === 0 ? inner : type;
  const isText = bare === 'String' || bare === 'Nullable(String)';
  const different = facts.different[index] ?? Infinity;
  const isRepeated =
    facts.rows >= ENOUGH_ROWS && different <= FEW_TEXTS && different * ROWS_PER_TEXT <= facts.rows;
  return { name, type: isText && isRepeated ? `LowCardinality(${bare})` : bare };
}

function createTable(table: TableName, columns: readonly ColumnInfo[]): string {
  const lines = columns.map(({ name, type }) => `    ${quoteIdentifier(name)} ${type}`);
  return `CREATE TABLE ${tableSql(table)}
(
${lines.join(',\n')}
)
ENGINE = MergeTree
ORDER BY ${orderBy(columns)}`;
}

/** Types that sort well and may be a key without a setting. */
const KEY_TYPES =
  /^(?:U?Int\d+|Date|Date32|DateTime|DateTime64\(.*\)|UUID|String|LowCardinality\(String\)|Enum\d*\(.*\))$/s;
const IDENTIFIER = /^(?:id|uuid|key)$|_(?:id|uuid|key)$/i;

function orderBy(columns: readonly ColumnInfo[]): string {
  const usable = columns.filter(({ type }) => KEY_TYPES.test(type));
  const key =
    usable.find(({ name }) => IDENTIFIER.test(name)) ??
    usable.find(({ type }) => type.startsWith('Date')) ??
    usable[0];
  return key ? quoteIdentifier(key.name) : 'tuple()';
}
