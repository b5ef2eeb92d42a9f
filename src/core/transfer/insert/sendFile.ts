import { randomUUID } from 'node:crypto';
import type {
  InsertFileOptions,
  InsertSummary,
  Settings,
  StatementRunner,
  UploadProgress,
} from '../../client/surface.ts';
import type { FileReport, FileToInsert, InsertManyOptions } from '../insertMany.ts';

/** What inserts run on: a client. */
export type InsertRunner = Pick<
  StatementRunner,
  'insertFile' | 'rawInsert' | 'rawQuery' | 'command'
>;

/** Sends one of the files as a whole. @throws as `insertFile` */
export function sendFile(
  runner: Pick<StatementRunner, 'insertFile'>,
  { table, compression, signal, onProgress }: InsertManyOptions,
  { file, index, queryId = randomUUID() }: { file: FileToInsert; index: number; queryId?: string },
): Promise<InsertSummary> {
  const { plan, path, contentEncoding } = file;
  const format = plan?.format ?? file.format;
  return runner.insertFile({
    table,
    path,
    queryId,
    ...columnsOf(file),
    settings: fileSettings(file),
    ...(format !== undefined && { format }),
    ...(contentEncoding && { contentEncoding }),
    ...(plan && { contentEncoding: plan.coding ?? 'none', seen: plan }),
    ...(compression && { compression }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress: UploadProgress) => {
        onProgress(file, index, progress);
      },
    }),
  });
}

/** Where the columns of a file go, where that was chosen. */
export function columnsOf({
  choices: { columns, mapping } = {},
}: FileToInsert): Pick<InsertFileOptions, 'columns' | 'mapping'> {
  return { ...(columns && { columns }), ...(mapping && { mapping }) };
}

/** What a file is read with: what was found, and over it what was chosen. */
export function fileSettings({ plan, choices }: FileToInsert): Settings {
  return {
    ...plan?.settings,
    ...(plan && plan.extra.length > 0 && { input_format_skip_unknown_fields: 1 }),
    ...choices?.settings,
  };
}

export function reportOf(
  { path, bytes }: FileToInsert,
  what: Pick<FileReport, 'state' | 'rows'> & Partial<FileReport>,
): FileReport {
  return { path, bytes, tableGrew: undefined, error: undefined, note: undefined, ms: 0, ...what };
}
