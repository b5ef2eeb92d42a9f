import { isClickHouseError } from '../../client/errors.ts';
import { parseServerError } from '../../client/serverError.ts';
import type { Settings, StatementRunner } from '../../client/surface.ts';
import type { ColumnInfo, InsertPlanOptions } from '../insertPlan.ts';
import { fileTable } from '../look/fileTable.ts';
import { sentBytes, sentFile, sentTable } from '../look/sentFile.ts';
import { type SourceFile, wholeLines } from '../sourceFile.ts';
import { asker, type AskRows, type Brought } from './asker.ts';

interface Looking {
  readonly query: StatementRunner['rawQuery'];
  readonly settings: Settings;
  readonly options: InsertPlanOptions;
}

/**
 * The columns of a file as the server infers them: of its beginning, or of all of it where the server may have it.
 * @throws the server's errors that are not about the file
 */
export async function describeFile(
  { query, settings, options }: Looking,
  file: SourceFile,
  format: string,
): Promise<Described> {
  const { serverReadsFiles, sendsFiles, answers, signal } = options;
  const ask = asker(query, signal, settings);
  const opened = fileTable({ ...file, format });
  if (file.info?.needsSchema === true) return UNKNOWN;
  if (serverReadsFiles === true) return await describe(ask, opened, {});
  const hasText = file.info?.kind === 'text' && file.head !== undefined;
  const head = hasText ? await describeHead(ask, file, format) : UNKNOWN;
  if (head.columns !== undefined || head.problem !== undefined) return head;
  const question = JSON.stringify([
    file.path,
    file.bytes,
    file.modified,
    file.coding,
    format,
    settings,
  ]);
  const known = answers?.get(question);
  if (known) return known;
  const externalData = sendsFiles === true ? await sentFile(file, signal) : undefined;
  if (externalData !== undefined) {
    const described = await describe(ask, sentTable(format), { externalData }, NOT_TAKEN);
    answers?.set(question, described);
    return described;
  }
  const local = hasText ? undefined : await options.localReader?.();
  return local
    ? await describe(asker(local.rawQuery.bind(local), signal, settings), opened, {})
    : UNKNOWN;
}

/** The columns that the server sees in the beginning of a text file. */
export async function describeHead(
  ask: AskRows,
  file: SourceFile,
  format: string,
): Promise<Described> {
  if (file.head === undefined || file.head.length === 0) return UNKNOWN;
  const externalData = sentBytes(Buffer.from(wholeLines(file)));
  const described = await describe(ask, sentTable(format), { externalData }, NOT_TAKEN);
  // What is wrong with a cut file need not be wrong with the whole one.
  return file.headIsWhole ? described : { columns: described.columns };
}

async function describe(
  ask: AskRows,
  source: string,
  brought: Brought,
  noAnswer = NOT_ABOUT_DATA,
): Promise<Described> {
  try {
    const rows = await ask(`DESCRIBE TABLE ${source}`, brought);
    return { columns: rows.map(([name = '', type = '']) => ({ name, type })) };
  } catch (error) {
    // Inference is a help for the question only, so that its failure stops nothing.
    if (!isClickHouseError(error)) throw error;
    return noAnswer.has(error.code) ? UNKNOWN : { problem: inferenceProblem(error.raw) };
  }
}

/** What a look at a file's columns found. */
export interface Described {
  readonly columns?: readonly ColumnInfo[] | undefined;
  readonly problem?: string;
}

export const UNKNOWN: Described = {};

const ACCESS_DENIED = 497;
/** The server may not be asked, or is too old: function, format or setting unknown, read-only, no right. */
const NOT_ABOUT_DATA = new Set([46, 73, 115, 164, ACCESS_DENIED]);
/** It does not take a file that comes with the request. */
const NOT_TAKEN = new Set([...NOT_ABOUT_DATA, 36, 47, 60]);

/**
 * The reason in the server's text about columns it could not infer, one line without codes: the text
 * wraps it, as in `Code: 636. … Error:\nCode: 117. DB::Exception: Rows have different amount of values.
 * (INCORRECT_DATA) (version 26.7.2.1).\nYou can specify the structure manually`.
 */
function inferenceProblem(raw: string): string {
  const inner = /\bError:\s*\n([^]*)/.exec(raw)?.[1] ?? raw;
  const { message } = parseServerError(inner.split('\n')[0]?.replace(/\.$/, '') ?? '');
  return message;
}
