import { randomBytes, randomUUID } from 'node:crypto';
import { isClickHouseError, UsageError } from '../../client/errors.ts';
import type { StatementRunner, TableName } from '../../client/surface.ts';
import { tableSql } from '../../client/tableName.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { tableCondition } from '../tableCondition.ts';

/** Staging tables that were left are recognised by it. */
export const STAGING_PREFIX = '_rowhouse_staging_';
/** Of the table's own name in that of its staging table; names of tables are limited. */
const MOST_NAME_CHARACTERS = 60;
const ASK_TIMEOUT_MS = 60_000;

/** How the rows get from the staging table into the table. */
export type PublishWay =
  /** All parts at once, without reading them; materialized views are not told of them. */
  | 'attach'
  /** As any insert: materialized views get the rows. */
  | 'insertSelect';

/** What matters of a table for staging an insert into it. */
export interface StagedTarget {
  readonly database: string;
  readonly table: string;
  readonly engine: string;
  /** True: DDL in this database reaches all replicas, so a staging table must be replicated too. */
  readonly isReplicatedDatabase: boolean;
  readonly hasViews: boolean;
  /** Those that an INSERT may name. */
  readonly columns: readonly string[];
  /** True: MATERIALIZED columns may be computed from EPHEMERAL ones, which no table keeps. */
  readonly losesEphemeral: boolean;
}

/** @throws UsageError for what cannot be staged: what is no table, views, dictionaries. */
export async function stagedTarget(
  query: StatementRunner['rawQuery'],
  table: TableName,
): Promise<StagedTarget> {
  const where = tableCondition(table, 'name');
  const [found] = where
    ? await ask(
        query,
        `SELECT database, name, engine, toString(notEmpty(dependencies_table)), (SELECT any(engine) FROM system.databases WHERE name = t.database) FROM system.tables AS t WHERE ${where}`,
      )
    : [];
  if (!found) {
    throw cannot('system.tables does not show the table: it is temporary, or you may not see it');
  }
  const [database = '', name = '', engine = '', views, databaseEngine = ''] = found;
  if (/View$|^Dictionary$/.test(engine)) throw cannot(`its engine is ${engine}`);
  const columns = await ask(query, `DESCRIBE TABLE ${tableSql({ database, table: name })}`);
  const kinds = columns.map(([, , kind]) => kind);
  return {
    database,
    table: name,
    engine,
    isReplicatedDatabase: databaseEngine === 'Replicated',
    hasViews: views === '1',
    columns: columns.flatMap(([column = '', , kind = '']) =>
      kind === '' || kind === 'DEFAULT' ? [column] : [],
    ),
    losesEphemeral: kinds.includes('EPHEMERAL') && kinds.includes('MATERIALIZED'),
  };
}

/**
 * How rows get from the staging table into this table. Parts are attached only where nothing is told of
 * them that an insert would tell: no materialized views, no replicas.
 * @throws UsageError where the rows would not be those of an insert.
 */
export function publishWay(target: StagedTarget): PublishWay {
  const { engine, hasViews } = target;
  if (engine.endsWith('MergeTree') && !/^(?:Replicated|Shared)/.test(engine) && !hasViews) {
    return 'attach';
  }
  if (target.losesEphemeral) throw losesEphemeral();
  return 'insertSelect';
}

function losesEphemeral(): UsageError {
  return cannot('its MATERIALIZED columns may need EPHEMERAL ones, which are not kept');
}

function cannot(reason: string): UsageError {
  return new UsageError(`The insert cannot be made all or nothing: ${reason}.`, {
    hint: 'Nothing was sent. Insert without the staging table.',
  });
}

/** A name nobody else uses, which tells what it is. */
export function stagingName(table: string): string {
  const stem = table.replace(/\W/g, '_').slice(0, MOST_NAME_CHARACTERS);
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  return `${STAGING_PREFIX}${stem}_${time}_${randomBytes(4).toString('hex')}`;
}

/** A table for the rows of one insert until they are all there. */
export class StagingTable {
  readonly target: StagedTarget;
  readonly way: PublishWay;
  readonly name: { readonly database: string; readonly table: string };
  /** The query that puts the rows into the table, once it was sent. */
  publishing: { readonly way: PublishWay; readonly queryId: string } | undefined;
  readonly #runner: Pick<StatementRunner, 'command' | 'rawQuery'>;

  constructor(runner: Pick<StatementRunner, 'command' | 'rawQuery'>, target: StagedTarget) {
    this.#runner = runner;
    this.target = target;
    this.way = publishWay(target);
    this.name = { database: target.database, table: stagingName(target.table) };
  }

  /** @throws the server's error. */
  async create(signal: AbortSignal | undefined): Promise<void> {
    const [first = '', ...others] = this.#engines();
    const options = { idleTimeoutMs: ASK_TIMEOUT_MS, ...(signal && { signal }) };
    const create = (engine: string): Promise<unknown> =>
      this.#runner.command(
        `CREATE TABLE ${tableSql(this.name)} AS ${tableSql(this.target)}${engine}`,
        options,
      );
    let attempt = create(first);
    for (const engine of others) {
      attempt = attempt.catch((error: unknown) => {
        if (!isClickHouseError(error) || error.code === ACCESS_DENIED) throw error;
        return create(engine);
      });
    }
    await attempt;
  }

  /** Engine clauses to try in turn: servers differ in what `CREATE TABLE … AS` takes over with another engine. */
  #engines(): string[] {
    if (this.way === 'attach') return [''];
    const engine = this.target.isReplicatedDatabase ? 'ReplicatedMergeTree' : 'MergeTree';
    const clauses = [` ENGINE = ${engine}`, ` ENGINE = ${engine} ORDER BY tuple()`];
    return this.target.engine.endsWith('MergeTree') ? clauses : clauses.reverse();
  }

  /**
   * Rows that were inserted and are where the next query finds them; undefined where a table may hold fewer:
   * one of the target's own engine may merge some away.
   * @throws the server's error.
   */
  async rows(): Promise<number | undefined> {
    if (this.way === 'attach') return undefined;
    if (this.target.isReplicatedDatabase) {
      await this.#runner.command(`SYSTEM SYNC REPLICA ${tableSql(this.name)}`);
    }
    const [row] = await ask(
      this.#runner.rawQuery,
      `SELECT toString(count()) FROM ${tableSql(this.name)}`,
    );
    return Number(row?.[0]);
  }

  /**
   * Puts all rows into the table.
   * @throws the server's error; when it is ambiguous, some or all of the rows may be there: `publishing` tells
   *   by which query.
   */
  async publish(signal: AbortSignal | undefined): Promise<void> {
    if (this.way === 'attach' && (await this.#attach())) return;
    if (this.target.losesEphemeral) throw losesEphemeral();
    const columns = this.target.columns.map(quoteIdentifier).join(', ');
    await this.#runner.command(
      `INSERT INTO ${tableSql(this.target)} (${columns}) SELECT ${columns} FROM ${tableSql(this.name)}`,
      {
        queryId: this.#startPublishing('insertSelect'),
        settings: { async_insert: 0 },
        ...(signal && { signal }),
      },
    );
  }

  /** False: the server cannot, and has done nothing. */
  async #attach(): Promise<boolean> {
    const sql = `ALTER TABLE ${tableSql(this.target)} ATTACH PARTITION ALL FROM ${tableSql(this.name)}`;
    try {
      // Moves files about only, and ends soon: a cancel in between would leave the outcome open.
      await this.#runner.command(sql, { queryId: this.#startPublishing('attach') });
      return true;
    } catch (error) {
      if (isClickHouseError(error) && NOTHING_ATTACHED.has(error.code)) return false;
      throw error;
    }
  }

  #startPublishing(way: PublishWay): string {
    const queryId = randomUUID();
    this.publishing = { way, queryId };
    return queryId;
  }

  /** Never throws; false: it may still be there. */
  async drop(): Promise<boolean> {
    const sql = `DROP TABLE IF EXISTS ${tableSql(this.name)} SYNC`;
    return this.#runner.command(sql, { idleTimeoutMs: ASK_TIMEOUT_MS }).then(
      () => true,
      () => false,
    );
  }
}

const ACCESS_DENIED = 497;
/**
 * The server checks these before it attaches anything: syntax of an older server, parts that do not fit,
 * rights.
 */
const NOTHING_ATTACHED = new Set([36, 48, 62, 122, 344, ACCESS_DENIED]);

async function ask(query: StatementRunner['rawQuery'], sql: string): Promise<string[][]> {
  const result = await query(sql, { format: 'JSONCompact', idleTimeoutMs: ASK_TIMEOUT_MS });
  return (JSON.parse(result.text()) as { data: string[][] }).data;
}
