import type { Connection } from './connection.ts';
import { ExecutionStream } from './rawStream.ts';
import { classify } from '../sql/kind.ts';
import { isRead } from '../sql/statementKind.ts';
import { quoteLiteral } from '../sql/quote.ts';
import { insertFile } from '../transfer/insertFile.ts';
import { saveTo } from '../transfer/saveTo.ts';
import { insertSql, rawInsert } from './insert.ts';
import { inOneTurn } from './oneTurn.ts';
import { tableSql } from './tableName.ts';
import type {
  CommandResult,
  RawQueryOptions,
  RawResult,
  RawStream,
  RawStreamOptions,
  RequestOptions,
  Session,
  StatementRunner,
} from './surface.ts';

const MAX_RESULT_BYTES = 64 * 1024 * 1024;
const MAX_COMMAND_BYTES = 16 * 1024 * 1024;

/** The statement calls of a client or a session; `ownSession` is where they run unless a call names another. */
export function createRunner(
  connection: Connection,
  ownSession: () => Session | undefined,
): StatementRunner {
  const within = <T extends { session?: Session }>(options: T): T => {
    const session = options.session ?? ownSession();
    return session === undefined ? options : { ...options, session };
  };
  const query: StatementRunner['rawQuery'] = (sql, options = {}) =>
    rawQuery(connection, sql, within(options));
  return {
    rawQuery: query,
    rawStream: (sql, options = {}) => rawStream(connection, sql, within(options)),
    rawInsert: (options) =>
      inOneTurn(
        within(options),
        () => insertSql(options),
        (own) => rawInsert(connection, own),
      ),
    command: (sql, options = {}) => command(connection, sql, within(options)),
    saveTo: (sql, path, options) =>
      inOneTurn(
        within(options),
        () => sql,
        (own) => saveTo(connection, sql, path, own),
      ),
    insertFile: (options) =>
      inOneTurn(
        within(options),
        () => `INSERT INTO ${tableSql(options.table)} FROM INFILE ${quoteLiteral(options.path)}`,
        (own) => {
          const { session } = own;
          const beside = session === undefined ? {} : { session };
          return insertFile(connection, (sql, also) => query(sql, { ...also, ...beside }), own);
        },
      ),
  };
}

async function rawQuery(
  connection: Connection,
  sql: string,
  options: RawQueryOptions,
): Promise<RawResult> {
  const started = performance.now();
  const execution = await connection.run({
    sql,
    options,
    writes: !isRead(classify(sql)),
    buffered: options.buffered ?? true,
  });
  const bytes = await execution.collect(options.maxBytes ?? MAX_RESULT_BYTES);
  return {
    bytes,
    text: () => bytes.toString('utf8'),
    meta: execution.meta,
    summary: {
      queryId: execution.queryId,
      bytes: bytes.length,
      ms: performance.now() - started,
      server: execution.meta.summary,
      progress: undefined,
    },
  };
}

async function rawStream(
  connection: Connection,
  sql: string,
  options: RawStreamOptions,
): Promise<RawStream> {
  const execution = await connection.run({ sql, options, writes: !isRead(classify(sql)) });
  return new ExecutionStream(execution, options.reuseMemory ?? false);
}

async function command(
  connection: Connection,
  sql: string,
  options: RequestOptions,
): Promise<CommandResult> {
  const result = await rawQuery(connection, sql, { ...options, maxBytes: MAX_COMMAND_BYTES });
  return {
    queryId: result.summary.queryId,
    text: result.text(),
    meta: result.meta,
    summary: result.summary,
  };
}
