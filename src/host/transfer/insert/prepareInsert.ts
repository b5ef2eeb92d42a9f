import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError, isFileError } from '../../../core/client/errors.ts';
import type { Client, TableName, UploadCompression } from '../../../core/client/surface.ts';
import type { FileToInsert, InsertMode } from '../../../core/transfer/insertMany.ts';
import {
  type InsertPlan,
  type InsertPlanOptions,
  planInsert,
} from '../../../core/transfer/insertPlan.ts';
import { formatSuffix } from '../../../core/transfer/formats.ts';
import {
  type Connection,
  type Connections,
  LOCAL_CONNECTION,
} from '../../connections/connections.ts';
import { clientShown } from '../../connections/whileConnecting.ts';
import { withProgress } from '../../progress.ts';
import { fileNames } from '../fileNames.ts';
import { askInputFormat, askSources, askTable } from '../insertChoices.ts';
import { lookForFiles } from './lookForFiles.ts';

/** What is known before the first question. */
export interface InsertRequest {
  readonly connection: Connection;
  /** Files and folders. */
  readonly sources?: readonly string[] | undefined;
  readonly table?: TableName | undefined;
  readonly format?: string | undefined;
  /** False: a failure rejects instead of being shown, and the confirmation is left out. */
  readonly confirm: boolean;
  /** What a failure of one of several files does to the others. Undefined: as answered, else `stop`. */
  readonly onError?: 'stop' | 'continue' | undefined;
  /** Undefined: `direct`. */
  readonly mode?: InsertMode | undefined;
  /** Of plain files, on the way to the server. Undefined: `auto`. */
  readonly compression?: UploadCompression | undefined;
  /** True: the table, which must be given, does not exist yet. */
  readonly createsTable?: boolean;
  /** True: the sources are needed until the user has answered a failure's message, which may repeat it. */
  readonly waitForAnswer?: boolean;
}

export interface InsertJob {
  readonly client: Client;
  readonly connection: Connection;
  readonly table: TableName;
  readonly files: readonly FileToInsert[];
  /** Files of folders of which neither names nor bytes tell a format. */
  readonly others: readonly string[];
  /** True: the table does not exist yet. */
  readonly createsTable: boolean;
  /** As asked for; the page may change both. */
  readonly onError: 'stop' | 'continue';
  readonly mode: InsertMode;
  /** The local engine, where there is one, for a look into files that the server cannot be shown. */
  readonly localReader: () => Promise<Client | undefined>;
  /** What servers answered about files that were sent to be looked at. */
  readonly answers: NonNullable<InsertPlanOptions['answers']>;
}

/** More files than these are looked at when their turn comes: nobody reads about them in a question. */
const MOST_PLANNED = 20;

type Looking = InsertRequest & {
  readonly client: Client;
  readonly table: TableName;
  readonly localReader: InsertJob['localReader'];
  readonly answers: InsertJob['answers'];
  /** Formats that were asked for, by suffix: many files of a kind are one question. */
  readonly formats: Map<string | undefined, string>;
};

/** Looks at one file; asks for its format when nothing tells. Undefined: the user turned away. */
async function planOrAsk(source: string, looking: Looking): Promise<InsertPlan | undefined> {
  const { client, connection, confirm, createsTable, answers, formats } = looking;
  const table = createsTable === true ? undefined : looking.table;
  const look = (format = looking.format): Promise<InsertPlan> =>
    withProgress(`Looking at ${path.basename(source)}`, (signal) =>
      planInsert(client.rawQuery.bind(client), {
        path: source,
        table,
        format,
        // Without a look of the user a guess would be silent.
        trust: confirm ? 'content' : 'name',
        serverReadsFiles: connection.kind === 'local',
        sendsFiles: confirm,
        answers,
        ...(confirm && { localReader: looking.localReader }),
        signal,
      }),
    );
  try {
    return await look();
  } catch (error) {
    if (!confirm || !isFileError(error) || error.code !== 'FORMAT') throw error;
    const suffix = formatSuffix(source);
    const format = formats.get(suffix) ?? (await askInputFormat(source, error.message));
    if (format === undefined) return undefined;
    formats.set(suffix, format);
    return look(format);
  }
}

async function bytesOf(source: string): Promise<number> {
  return stat(source).then(
    ({ size }) => size,
    () => 0,
  );
}

/** One file of several that cannot be read does not keep the others from being inserted. */
async function planOfSeveral(source: string, looking: Looking): Promise<FileToInsert | undefined> {
  try {
    const plan = await planOrAsk(source, looking);
    return plan && { path: source, bytes: plan.bytes, plan };
  } catch (error) {
    if (!isFileError(error)) throw error;
    return { path: source, bytes: await bytesOf(source), problem: error };
  }
}

async function lookAtAll(
  sources: readonly string[],
  looking: Looking,
): Promise<FileToInsert[] | undefined> {
  const [only, ...more] = sources;
  if (only !== undefined && more.length === 0) {
    const plan = await planOrAsk(only, looking);
    return plan && [{ path: only, bytes: plan.bytes, plan }];
  }
  const files: FileToInsert[] = [];
  for (const [index, source] of sources.entries()) {
    const file =
      index < MOST_PLANNED
        ? await planOfSeveral(source, looking)
        : { path: source, bytes: await bytesOf(source), format: looking.format };
    if (!file) return undefined;
    files.push(file);
  }
  return files;
}

/** Asks for what is missing and looks at files and table. Undefined: the user turned away. */
export async function prepareInsert(
  connections: Connections,
  request: InsertRequest,
): Promise<InsertJob | undefined> {
  const sources = request.sources ?? (await askSources());
  if (!sources || sources.length === 0) return undefined;
  const { files: found, others } = await lookForFiles(sources);
  if (found.length === 0) {
    throw new UsageError(`There is no file of a known format in the folder ${fileNames(sources)}.`);
  }
  const { connection } = request;
  const client = await clientShown(connections, connection.id);
  const table = request.table ?? (await askTable(connection, client, fileNames(found)));
  if (table === undefined) return undefined;
  const localReader = (): Promise<Client | undefined> =>
    connections.client(LOCAL_CONNECTION).catch(() => undefined);
  const answers: InsertJob['answers'] = new Map();
  const formats = new Map<string | undefined, string>();
  const looking = { ...request, client, table, localReader, answers, formats };
  const files = await lookAtAll(found, looking);
  const { createsTable = false, onError = 'stop', mode = 'direct' } = request;
  if (!files) return undefined;
  const how = { createsTable, onError, mode };
  return { client, connection, table, files, others, localReader, answers, ...how };
}
