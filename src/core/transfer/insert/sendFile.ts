import { randomUUID } from 'node:crypto';
import type {
  InsertSummary,
  Settings,
  StatementRunner,
  UploadProgress,
} from '../../client/surface.ts';
import type { FileReport, FileToInsert, InsertManyOptions } from '../insertMany.ts';
import type { InsertPlan } from '../insertPlan.ts';

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
  const { plan, path } = file;
  const format = plan?.format ?? file.format;
  return runner.insertFile({
    table,
    path,
    queryId,
    settings: planSettings(plan),
    ...(format !== undefined && { format }),
    ...(plan && { contentEncoding: plan.coding ?? 'none' }),
    ...(compression && { compression }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (progress: UploadProgress) => {
        onProgress(file, index, progress);
      },
    }),
  });
}

/** What the question before the insert promised about this file. */
export function planSettings(plan: InsertPlan | undefined): Settings {
  if (!plan) return {};
  return {
    ...plan.settings,
    ...(plan.extra.length > 0 && { input_format_skip_unknown_fields: 1 }),
  };
}

export function reportOf(
  { path, bytes }: FileToInsert,
  what: Pick<FileReport, 'state' | 'rows'> & Partial<FileReport>,
): FileReport {
  return { path, bytes, tableGrew: undefined, error: undefined, note: undefined, ms: 0, ...what };
}
