import { type DescribedColumn, describeColumns } from '../../../core/arrow/spool/describe.ts';
import { isDecodable } from '../../../core/client/decode.ts';
import { isClickHouseError } from '../../../core/client/errors.ts';
import type { Client, SaveReceipt, Session, Settings } from '../../../core/client/surface.ts';
import { describableSelect } from '../../../core/sql/describable.ts';
import { fileLines } from '../../../core/transfer/fileLines.ts';
import { isEngineError } from '../../../core/engine/errors.ts';
import { readBackSettings, selectFromFile } from '../../../core/transfer/fileSelect.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import type { OutfilePlan } from '../../../core/transfer/outfile.ts';
import { gridSettingsOf } from '../../results/gridSettings.ts';
import type { FileRows } from '../../results/runOptions.ts';
import { changedOutputSettings } from './outputSettings.ts';

export interface OutfileQuery {
  readonly plan: OutfilePlan;
  readonly client: Client;
  readonly session: Session;
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** The local engine, started if need be. */
  readonly engine: () => Promise<Client>;
}

/** What is known about the rows of a file before it is written. */
export interface FileRowsPlan {
  /** True: there is a way to show them. */
  readonly canShow: boolean;
  /**
   * The ways to load them, best first: in their columns by the local engine, else the lines of the file.
   * @param start bytes of the file that were there before
   */
  readonly of: (receipt: SaveReceipt, start: number) => FileRows[];
}

/** In such a path `file()` looks for other files, or into an archive. */
const NOT_ONE_FILE = /[*?{}]|::/;

interface ByEngine {
  readonly engine: Client;
  readonly columns: readonly DescribedColumn[];
  readonly settings: Settings;
}

/** Finds out how the rows of a file can be shown without running its statement twice. Runs nothing but a description. */
export async function planFileRows(query: OutfileQuery): Promise<FileRowsPlan> {
  const { plan, client } = query;
  const { format, compression } = plan.save;
  const isOneFile = !plan.save.append && !NOT_ONE_FILE.test(plan.path);
  const byEngine = isOneFile ? await engineFor(query) : undefined;
  const hasLines =
    findFormat(format)?.kind === 'text' && (compression === 'none' || isDecodable(compression));
  return {
    canShow: byEngine !== undefined || hasLines,
    of: ({ path, queryId }, start) => [
      ...(byEngine
        ? [
            {
              source: byEngine.engine,
              sql: selectFromFile(path, { format, compression, columns: byEngine.columns }),
              settings: byEngine.settings,
              client: byEngine.engine,
            },
          ]
        : []),
      ...(hasLines
        ? [
            {
              source: fileLines({ path, format, compression, start, queryId }),
              sql: '',
              settings: {},
              client,
            },
          ]
        : []),
    ],
  };
}

/** Undefined where there is no engine, or it would not show exactly what the file holds. */
async function engineFor({
  plan,
  client,
  session,
  params,
  signal,
  engine,
}: OutfileQuery): Promise<ByEngine | undefined> {
  const select = describableSelect(plan.sql);
  if (select === undefined) return undefined;
  try {
    const changed = await changedOutputSettings(session, signal);
    const reading = changed && readBackSettings(plan.sql, plan.save.format, changed);
    if (!reading) return undefined;
    const settings = await gridSettingsOf(client).forDescribe();
    const columns = await describeColumns(session, select, { params, signal }, settings);
    if (!columns || columns.length === 0) return undefined;
    const { timezone } = await client.serverInfo({ signal });
    return {
      engine: await engine(),
      columns,
      settings: { session_timezone: timezone, ...reading },
    };
  } catch (error) {
    // The statement itself tells what is wrong with it, or with its session; without an engine there are the lines.
    if (isClickHouseError(error) || isEngineError(error)) return undefined;
    throw error;
  }
}
