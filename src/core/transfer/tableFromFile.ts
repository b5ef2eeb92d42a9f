import { UsageError } from '../client/errors.ts';
import type { StatementRunner, TableName } from '../client/surface.ts';
import { tableSql } from '../client/tableName.ts';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import {
  type ColumnInfo,
  type InsertPlan,
  type InsertPlanOptions,
  planInsert,
} from './insertPlan.ts';
import { fileSample } from './look/fileSample.ts';
import { databaseLiteral } from './tableCondition.ts';

/** A table that a file fits into. */
export interface TableProposal {
  readonly ddl: string;
  readonly columns: readonly ColumnInfo[];
  readonly engine: string;
  /** The sorting key, as SQL. */
  readonly orderBy: string;
  readonly plan: InsertPlan;
}

/** What a statement that creates a table is made of. */
export interface NewTable {
  readonly table: TableName;
  /** Types are SQL of the user or the server. */
  readonly columns: readonly ColumnInfo[];
  readonly engine: string;
  /** Empty: the engine takes none. */
  readonly orderBy: string;
}

export interface TableFromFileOptions extends InsertPlanOptions {
  readonly table: TableName;
  readonly serverReadsFiles: boolean;
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
        'A server tells those of text files, and of small others: create the table first, or use the local engine.',
    });
  }
  const facts = await sampleFacts(query, plan, options);
  const columns = plan.fileColumns.map((column, index) => proposed(column, facts, index));
  const engine = 'MergeTree';
  const orderBy = sortingKey(columns);
  return { ddl: createTable({ table, columns, engine, orderBy }), columns, engine, orderBy, plan };
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
  { serverReadsFiles, sendsFiles, localReader, settings, signal }: TableFromFileOptions,
): Promise<SampleFacts> {
  const columns = plan.fileColumns ?? [];
  const sample = await fileSample(plan, {
    serverReadsFiles,
    sendsFiles,
    localReader,
    reads: 'file',
  });
  // What the plan could see, the sample can.
  if (!sample) return { rows: 0, nulls: [], different: [] };
  const counts = columns.flatMap(({ name }) => {
    const column = quoteIdentifier(name);
    return [`countIf(isNull(${column}))`, `uniqExact(toString(${column}))`];
  });
  const sql = `SELECT array(count(), ${counts.join(', ')}) FROM (SELECT * FROM ${sample.from(undefined)} LIMIT ${SAMPLE_ROWS})`;
  const local = sample.isLocal ? await localReader?.() : undefined;
  const answer = await (local?.rawQuery.bind(local) ?? query)(sql, {
    ...sample.request,
    format: 'TabSeparated',
    settings: { ...plan.settings, ...settings },
    ...(signal && { signal }),
  });
  const [rows = 0, ...pairs] = (JSON.parse(answer.text()) as (number | string)[]).map(Number);
  return {
    rows,
    nulls: pairs.filter((_, index) => index % 2 === 0),
    different: pairs.filter((_, index) => index % 2 === 1),
  };
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

/** The statement that creates a table. */
export function createTable({ table, columns, engine, orderBy }: NewTable): string {
  const lines = columns.map(({ name, type }) => `    ${quoteIdentifier(name)} ${type}`);
  const order = orderBy.trim() === '' ? '' : `\nORDER BY ${orderBy.trim()}`;
  return `CREATE TABLE ${tableSql(table)}
(
${lines.join(',\n')}
)
ENGINE = ${engine.trim()}${order}`;
}

/** Types that sort well and may be a key without a setting. */
const KEY_TYPES =
  /^(?:U?Int\d+|Date|Date32|DateTime|DateTime64\(.*\)|UUID|String|LowCardinality\(String\)|Enum\d*\(.*\))$/s;
const IDENTIFIER = /^(?:id|uuid|key)$|_(?:id|uuid|key)$/i;

/** An id, a time, or the first column that sorts well; `tuple()` where there is none. */
function sortingKey(columns: readonly ColumnInfo[]): string {
  const usable = columns.filter(({ type }) => KEY_TYPES.test(type));
  const key =
    usable.find(({ name }) => IDENTIFIER.test(name)) ??
    usable.find(({ type }) => type.startsWith('Date')) ??
    usable[0];
  return key ? quoteIdentifier(key.name) : 'tuple()';
}

/** A name that no table has yet: the wanted one, else with a number behind it. @throws the server's error */
export async function freeTableName(
  query: StatementRunner['rawQuery'],
  database: string | undefined,
  wanted: string,
  signal: AbortSignal,
): Promise<string> {
  const sql = `SELECT name FROM system.tables WHERE database = ${databaseLiteral(database)} AND startsWith(name, ${quoteLiteral(wanted)})`;
  const answer = await query(sql, { format: 'JSONCompact', signal });
  const { data } = JSON.parse(answer.text()) as { data: [string][] };
  const taken = new Set(data.map(([name]) => name));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number += 1) {
    const name = `${wanted}_${number}`;
    if (!taken.has(name)) return name;
  }
}
