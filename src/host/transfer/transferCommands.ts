import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import type { TableName, UploadCompression } from '../../core/client/surface.ts';
import type { InsertMode } from '../../core/transfer/insertMany.ts';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import type { Connection, Connections } from '../connections/connections.ts';
import { DatabaseNode, TableNode } from '../explorer/nodes.ts';
import type { InsertOutcome, InsertParts, InsertRequest } from './insertFiles.ts';
import type { CreateRequest } from './insert/createFromFile.ts';
import type { RunningSaves } from './save/runningSaves.ts';
import type { SaveParts } from './save/saveCommand.ts';
import type { ShownRowsParts } from './save/shownRows.ts';

/** What a caller may pass to `rowhouse.insertFile`; with `source`, `table` and `confirm: false` nothing is asked. */
export interface InsertArguments {
  /** A path (relative to the workspace folder), a Uri, or several; of a folder the files of known formats. */
  source?: string | vscode.Uri | readonly (string | vscode.Uri)[];
  /** `table` or `database.table` with quotes where needed, or its parts. */
  table?: TableName;
  /** A ClickHouse input format. Default: by the file's name and first bytes. */
  format?: string;
  /** Default: the connection of the active SQL document, else the one selected last. */
  connection?: string;
  /** Default true. */
  confirm?: boolean;
  /**
   * What the failure of one of several files does to the others. Default: as asked, without questions
   * `stop`. With `continue` and without questions the outcome tells of failed files, and nothing rejects.
   */
  onError?: 'stop' | 'continue';
  /** `staged` is all or nothing; `chunked` can be repeated and adds nothing twice. Default `direct`. */
  mode?: InsertMode;
  /** How plain files are compressed on the way. Default `auto`: for servers that are not this machine. */
  compression?: UploadCompression;
}

function sourcePath(source: unknown): string {
  if (source instanceof vscode.Uri) {
    if (source.scheme === 'file') return source.fsPath;
    throw new UsageError(
      `Files of ${source.scheme}: cannot be streamed. Copy the file to this machine first.`,
    );
  }
  if (typeof source !== 'string' || source === '') throw new UsageError('The source is no file.');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  return path.resolve(folder, source);
}

function sourcesOf(source: unknown): string[] | undefined {
  if (source === undefined) return undefined;
  return (Array.isArray(source) ? (source as unknown[]) : [source]).map(sourcePath);
}

function tableOf(value: unknown): TableName | undefined {
  if (typeof value === 'string') return value;
  const answers = answersOf(value);
  const table = textAnswer(answers, 'table');
  const database = textAnswer(answers, 'database');
  if (table === undefined) return undefined;
  return database === undefined ? { table } : { database, table };
}

const ON_ERROR = ['stop', 'continue'] as const;
const MODES: readonly InsertMode[] = ['direct', 'staged', 'chunked'];
const COMPRESSIONS: readonly UploadCompression[] = ['auto', 'none', 'gzip', 'zstd'];

/** @throws UsageError for a text that is none of the choices. */
function choiceOf<T extends string>(
  name: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  const choice = choices.find((each) => each === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new UsageError(`${name} is ${choices.join(' or ')}, not "${text}".`);
}

/** From a table of the tree, from files of VS Code's explorer (all that are selected), or from a caller. */
function insertRequest(connections: Connections, first: unknown, second: unknown): InsertRequest {
  if (first instanceof TableNode) {
    const { database, name } = first.table;
    return { connection: first.connection, table: { database, table: name }, confirm: true };
  }
  const connection = connections.forActiveDocument;
  if (first instanceof vscode.Uri) {
    const selected = Array.isArray(second) && second.length > 0 ? second : [first];
    return { connection, sources: sourcesOf(selected), confirm: true };
  }
  const answers = answersOf(first);
  const id = textAnswer(answers, 'connection');
  const named = id === undefined ? connection : connections.get(id);
  if (!named) throw new UsageError(`There is no connection "${id ?? ''}".`);
  return {
    connection: named,
    sources: sourcesOf(answers['source']),
    table: tableOf(answers['table']),
    format: textAnswer(answers, 'format'),
    confirm: answers['confirm'] !== false,
    onError: choiceOf('onError', textAnswer(answers, 'onError'), ON_ERROR),
    mode: choiceOf('mode', textAnswer(answers, 'mode'), MODES),
    compression: choiceOf('compression', textAnswer(answers, 'compression'), COMPRESSIONS),
  };
}

/** What a caller may pass to `rowhouse.createTableFromFile`; with `source` and `confirm: false` nothing is asked. */
export interface CreateTableArguments {
  /** As of `rowhouse.insertFile`. The first file tells the columns. */
  source?: InsertArguments['source'];
  /** Default: as asked, without questions the connection's own. */
  database?: string;
  /** Default: as the first file is called. */
  table?: string;
  format?: string;
  connection?: string;
  /** Default true. */
  confirm?: boolean;
}

/** From a database of the tree, from files of VS Code's explorer, or from a caller. */
function createRequest(connections: Connections, first: unknown, second: unknown): CreateRequest {
  const { connection, sources, format, confirm } = insertRequest(connections, first, second);
  const answers = answersOf(first);
  const isDatabase = first instanceof DatabaseNode;
  return {
    connection: isDatabase ? first.parent.connection : connection,
    sources,
    format,
    confirm,
    database: isDatabase ? first.database.name : textAnswer(answers, 'database'),
    table: textAnswer(answers, 'table'),
  };
}

export interface TransferParts extends ShownRowsParts, InsertParts {
  readonly running: RunningSaves;
  /** Where the choices of the last saves are. */
  readonly memory: vscode.Memento;
  /** Called after rows were written through a connection. */
  readonly inserted: (connection: string) => void;
}

async function saveParts({ memory, ...parts }: TransferParts): Promise<SaveParts> {
  const [{ LastChoices }, { shownRowsOf }] = await Promise.all([
    import('./save/lastChoices.ts'),
    import('./save/shownRows.ts'),
  ]);
  return { ...parts, choices: new LastChoices(memory), shownRows: shownRowsOf(parts) };
}

/** Lets the explorer count anew. */
async function told(
  parts: TransferParts,
  connection: Connection,
  inserting: Promise<InsertOutcome | undefined>,
): Promise<InsertOutcome | undefined> {
  const outcome = await inserting;
  if (outcome) parts.inserted(connection.id);
  return outcome;
}

export function transferCommands(parts: TransferParts): CommandHandlers<'transfer'> {
  return {
    'rowhouse.saveResultsAs': async (argument?: unknown) => {
      const { saveResultsAs } = await import('./save/saveCommand.ts');
      return saveResultsAs(argument, await saveParts(parts));
    },
    'rowhouse.saveScriptAs': async (argument?: unknown) => {
      const { saveScriptAs } = await import('./script/saveScript.ts');
      return saveScriptAs(argument, await saveParts(parts));
    },
    'rowhouse.insertFile': async (first?: unknown, second?: unknown) => {
      const request = insertRequest(parts.connections, first, second);
      const { insertFiles } = await import('./insertFiles.ts');
      return told(parts, request.connection, insertFiles(parts, request));
    },
    'rowhouse.createTableFromFile': async (first?: unknown, second?: unknown) => {
      const request = createRequest(parts.connections, first, second);
      const { createFromFile } = await import('./insert/createFromFile.ts');
      return told(parts, request.connection, createFromFile(parts, request));
    },
  };
}
