import { UsageError } from '../../client/errors.ts';
import type { StatementRunner, TableName } from '../../client/surface.ts';
import { tableSql } from '../../client/tableName.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import { tableCondition } from '../tableCondition.ts';

const ASK_TIMEOUT_MS = 60_000;

/** How long a table recognises inserts that are repeated. */
export interface DedupWindow {
  /** So many blocks are remembered. */
  readonly blocks: number;
  /** For so long; undefined: without a limit. */
  readonly seconds: number | undefined;
  /** The table's setting that says so. */
  readonly setting: string;
  readonly isPartitioned: boolean;
}

/**
 * What the table remembers of earlier inserts.
 * @throws UsageError for tables that remember nothing, whatever their settings.
 */
export async function dedupWindow(
  query: StatementRunner['rawQuery'],
  table: TableName,
): Promise<DedupWindow> {
  const where = tableCondition(table, 'name');
  const [found] = where
    ? await ask(
        query,
        `SELECT engine, engine_full, partition_key FROM system.tables WHERE ${where}`,
      )
    : [];
  if (!found) throw cannot('system.tables does not show the table');
  const [engine = '', engineFull = '', partitionKey = ''] = found;
  if (!engine.endsWith('MergeTree')) {
    throw cannot(
      engine === 'Distributed'
        ? 'a Distributed table does not remember inserts. Insert into the table behind it'
        : `tables of the engine ${engine} do not remember inserts`,
    );
  }
  const isReplicated = /^(?:Replicated|Shared)/.test(engine);
  const setting = isReplicated
    ? 'replicated_deduplication_window'
    : 'non_replicated_deduplication_window';
  const read = async (name: string): Promise<number | undefined> =>
    ownSetting(engineFull, name) ?? (await serverSetting(query, name, isReplicated));
  return {
    blocks: (await read(setting)) ?? 0,
    seconds: isReplicated ? await read('replicated_deduplication_window_seconds') : undefined,
    setting,
    isPartitioned: partitionKey !== '',
  };
}

/**
 * @param chunks how many there will be at least; one block each.
 * @throws UsageError when the table would forget the first of them before the last is there.
 */
export function checkWindow(window: DedupWindow, chunks: number, table: TableName): void {
  if (window.blocks >= chunks) return;
  const wanted = Math.max(1_000, 10 ** Math.ceil(Math.log10(chunks * 2)));
  const has =
    window.blocks === 0
      ? 'the table does not remember inserts'
      : `the table remembers ${window.blocks} inserts, and this one has ${chunks} parts`;
  throw cannot(has, `ALTER TABLE ${tableSql(table)} MODIFY SETTING ${window.setting} = ${wanted}`);
}

/**
 * True unless the table surely remembers all of so many inserts: each takes a place for every partition that it
 * has rows of. Never throws.
 */
export async function mayForget(
  query: StatementRunner['rawQuery'],
  table: TableName,
  { blocks, isPartitioned }: DedupWindow,
  inserts: number,
): Promise<boolean> {
  if (inserts > blocks) return true;
  if (!isPartitioned) return false;
  const where = tableCondition(table, 'table');
  if (where === undefined) return true;
  const sql = `SELECT toString(uniqExact(partition_id)) FROM system.parts WHERE ${where}`;
  const rows = await ask(query, sql).catch(() => []);
  const partitions = Number(rows[0]?.[0] ?? 0);
  return partitions === 0 || inserts * partitions > blocks;
}

function cannot(reason: string, remedy?: string): UsageError {
  return new UsageError(`The insert cannot be made repeatable: ${reason}.`, {
    hint:
      remedy === undefined
        ? 'Nothing was sent. Insert without recognition of what is there already.'
        : `Nothing was sent. Run: ${remedy}`,
  });
}

function ownSetting(engineFull: string, name: string): number | undefined {
  const value = new RegExp(`\\b${name} = (\\d+)`).exec(engineFull)?.[1];
  return value === undefined ? undefined : Number(value);
}

async function serverSetting(
  query: StatementRunner['rawQuery'],
  name: string,
  isReplicated: boolean,
): Promise<number | undefined> {
  const system = isReplicated ? 'replicated_merge_tree_settings' : 'merge_tree_settings';
  const [row] = await ask(
    query,
    `SELECT value FROM system.${system} WHERE name = ${quoteLiteral(name)}`,
  );
  return row?.[0] === undefined ? undefined : Number(row[0]);
}

async function ask(query: StatementRunner['rawQuery'], sql: string): Promise<string[][]> {
  const result = await query(sql, { format: 'JSONCompact', idleTimeoutMs: ASK_TIMEOUT_MS });
  return (JSON.parse(result.text()) as { data: string[][] }).data;
}
