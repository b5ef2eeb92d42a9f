import { savedSelect } from '../../../core/arrow/spool/savedSelect.ts';
import type { SpoolTable } from '../../../core/arrow/spool/spoolTable.ts';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client, SaveOptions, SaveReceipt, Settings } from '../../../core/client/surface.ts';
import { type CutSettings, hidesRowEnds } from '../../../core/transfer/cutSettings.ts';
import { givesSameBytes } from '../../../core/transfer/sameBytes.ts';
import { settingsInForce } from '../../../core/transfer/settingsInForce.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import type { Result } from '../../results/result.ts';
import type { ResultViews } from '../../results/view/resultViews.ts';
import type { RowsInView } from '../../results/view/rowsInView.ts';
import { serverSettings } from '../serverFormats.ts';
import { outputSettings } from './outputSettings.ts';
import type { SaveSource } from './saveSource.ts';
import { leavesRowsOut, shownView } from './shownView.ts';
import { type StatementParts, statementSource } from './statementSource.ts';

export interface ShownSourceParts extends StatementParts {
  readonly views: ResultViews;
}

/** How the server of a result would write its rows, and what there may have left some out. */
export interface OnServer {
  readonly output: Settings;
  readonly cut: CutSettings;
}

/**
 * These rows, exactly as they are in the grid, written by the local engine.
 * @throws EngineError where there is none; UsageError or ClickHouseError where it cannot write them
 */
export async function shownSource(
  run: Result,
  { connections, views }: ShownSourceParts,
  { output, cut }: OnServer,
): Promise<SaveSource> {
  const engine = await connections.client(LOCAL_CONNECTION);
  const shown = views.of(run);
  await requireWritable(shown, engine);
  const { connection, params, statement } = run.options;
  const { columns, queryId, ...whole } = run.snapshot();
  const complete = whole.complete && !leavesRowsOut(shown.view);
  const isOtherServer = connection.id !== LOCAL_CONNECTION;
  return {
    shown: { params, queryId, complete, view: shownView(shown.view, columns), isOtherServer },
    sql: statement.sql,
    document: run.uri,
    connection: connection.name,
    client: engine,
    ownFormat: undefined,
    ownSettings: new Set(),
    formatSettings: async () => {
      const server = await serverSettings(engine);
      return server && settingsInForce(server, [], output);
    },
    resultId: run.id,
    isBusy: () => false,
    askParameters: () => Promise.resolve({}),
    resultSettings: () => Promise.resolve({ cut, uncountable: hidesRowEnds(output) }),
    save: async (path, options) => {
      await using table = await shown.openTable(engine);
      const settings = { ...output, ...options.settings };
      return await saveRows(table, engine, path, { ...options, settings });
    },
  };
}

/**
 * What is wrong is said now rather than after the questions about format and place: the local engine may be older than
 * the server of the result, and lack one of its types.
 * @throws UsageError or ClickHouseError for rows that it cannot write
 */
async function requireWritable(shown: RowsInView, engine: Client): Promise<void> {
  await using table = await shown.openTable(engine);
  await engine.rawQuery(`DESCRIBE (${savedSelect(table)})`, {
    settings: table.settings,
    format: 'TSV',
  });
}

async function saveRows(
  table: SpoolTable,
  engine: Client,
  path: string,
  options: SaveOptions,
): Promise<SaveReceipt> {
  const settings = { ...options.settings, ...table.settings };
  return engine.saveTo(savedSelect(table), path, { ...options, params: {}, settings });
}

/** These rows from disk where that is the same as running the statement again, else the statement. */
export async function wholeSource(run: Result, parts: ShownSourceParts): Promise<SaveSource> {
  const { connection, params, statement } = run.options;
  const { sql } = statement;
  const found = { sql, uri: run.uri, connection: connection.id };
  const source = await statementSource(
    found,
    { params, result: run.id, isUnattended: true },
    parts,
  );
  let runsAgain = false;
  return {
    ...source,
    isBusy: () => runsAgain && source.isBusy(),
    save: async (path, options) => {
      const { columns } = run.snapshot();
      const same = givesSameBytes({ sql, columns, format: options.format });
      const output = same && (await outputSettings(parts.sessions.peek(run.uri)));
      await using table = output ? await tableOf(run, source.client) : undefined;
      if (output && table) {
        const settings = { ...output, ...options.settings };
        return await saveRows(table, source.client, path, { ...options, settings });
      }
      runsAgain = true;
      return await source.save(path, options);
    },
  };
}

/** Undefined when the rows are gone since they were on screen. */
async function tableOf(run: Result, engine: Client): Promise<SpoolTable | undefined> {
  try {
    return await run.openTable(engine);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
