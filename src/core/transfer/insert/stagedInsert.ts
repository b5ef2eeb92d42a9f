import { basename } from 'node:path';
import { isCancelledError, UsageError } from '../../client/errors.ts';
import { cancelledHere, untilTold } from '../cancelled.ts';
import { NONE_WRITTEN, rowsOfFailedInsert, type WrittenRows } from '../insertAccount.ts';
import type { FileReport, FileToInsert, InsertManyOptions } from '../insertMany.ts';
import { type InsertRunner, reportOf, sendFile } from './sendFile.ts';
import { StagingTable, stagedTarget } from './stagingTable.ts';

/** A file of the insert with its place among all. */
interface Numbered {
  readonly file: FileToInsert;
  readonly index: number;
}

interface Staged extends Numbered {
  readonly rows: number | undefined;
  readonly ms: number;
}

/**
 * Inserts files all or nothing: all of them together, or each by itself when failures stop nothing. Never
 * rejects for what happens to a file.
 */
export async function stagedInsert(
  runner: InsertRunner,
  options: InsertManyOptions,
): Promise<FileReport[]> {
  const files = options.files.map((file, index) => ({ file, index }));
  const units = options.onError === 'stop' ? [files] : files.map((each) => [each]);
  const reports: FileReport[] = [];
  for (const unit of units) {
    const isOver = reports.some(({ state }) => state === 'cancelled');
    reports.push(
      ...(isOver || options.signal?.aborted === true
        ? unit.map(({ file }) => notSent(file))
        : await insertTogether(runner, options, unit)),
    );
  }
  return reports;
}

function notSent(file: FileToInsert): FileReport {
  return reportOf(file, { state: 'notSent', rows: NONE_WRITTEN });
}

async function insertTogether(
  runner: InsertRunner,
  options: InsertManyOptions,
  unit: readonly Numbered[],
): Promise<FileReport[]> {
  const staged: Staged[] = [];
  const bad = unit.find(({ file }) => file.problem !== undefined);
  if (bad) return failedReports(unit, staged, bad.index, bad.file.problem);
  const started = performance.now();
  let staging: StagingTable | undefined;
  let reports: FileReport[];
  try {
    staging = new StagingTable(
      runner,
      await stagedTarget(runner.rawQuery.bind(runner), options.table),
    );
    await staging.create(options.signal);
    reports = await fillAndPublish(runner, options, { unit, staged, staging });
  } catch (error) {
    await untilTold(error);
    const failedAt = unit[staged.length]?.index ?? unit[0]?.index ?? 0;
    reports = failedReports(unit, staged, failedAt, error, performance.now() - started);
  }
  if (staging === undefined || (await staging.drop())) return reports;
  const { database, table } = staging.name;
  const left = `The staging table ${database}.${table} may be left; it can be dropped.`;
  return reports.map((report) => ({ ...report, note: `${report.note ?? ''} ${left}`.trim() }));
}

async function fillAndPublish(
  runner: InsertRunner,
  options: InsertManyOptions,
  { unit, staged, staging }: { unit: readonly Numbered[]; staged: Staged[]; staging: StagingTable },
): Promise<FileReport[]> {
  for (const { file, index } of unit) {
    const started = performance.now();
    const { writtenRows } = await sendFile(
      runner,
      { ...options, table: staging.name },
      { file, index },
    );
    staged.push({ file, index, rows: writtenRows, ms: performance.now() - started });
  }
  if (options.signal?.aborted === true) throw cancelledHere('The insert was cancelled.');
  options.onPublish?.();
  await checkComplete(staging, staged);
  try {
    await staging.publish(options.signal);
  } catch (error) {
    return unpublishedReports(runner, options, { staged, staging, error });
  }
  const note =
    staging.publishing?.way === 'attach'
      ? 'All or nothing: its parts were attached at once.'
      : 'All or nothing: from the staging table by INSERT SELECT, so that materialized views and replicas get the rows.';
  return staged.map(({ file, rows, ms }) =>
    reportOf(file, {
      state: 'inserted',
      rows: { atLeast: rows ?? 0, atMost: rows, by: 'staging' },
      ms,
      note,
    }),
  );
}

/** Behind a load balancer the rows may be on one server and the next question at another. */
async function checkComplete(staging: StagingTable, staged: readonly Staged[]): Promise<void> {
  const counts = staged.map(({ rows }) => rows);
  if (counts.includes(undefined)) return;
  const sent = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const found = await staging.rows();
  if (found === undefined || found === sent) return;
  throw new UsageError(`The staging table has ${found} of ${sent} rows.`, {
    hint: 'Requests may reach different servers. Nothing was put into the table. Connect to one server, or insert without the staging table.',
  });
}

/** The rows were on their way into the table: how many of them are there? */
async function unpublishedReports(
  runner: InsertRunner,
  options: InsertManyOptions,
  { staged, staging, error }: { staged: readonly Staged[]; staging: StagingTable; error: unknown },
): Promise<FileReport[]> {
  const [first] = staged;
  if (first) options.onAccount?.(first.file);
  await untilTold(error);
  const { publishing } = staging;
  const all = staged.every(({ rows }) => rows !== undefined)
    ? staged.reduce((sum, { rows }) => sum + (rows ?? 0), 0)
    : undefined;
  const written: WrittenRows =
    publishing === undefined
      ? NONE_WRITTEN
      : await rowsOfFailedInsert(runner.rawQuery.bind(runner), {
          error,
          queryId: publishing.queryId,
          table: staging.target,
          rowsInFile: all,
          logsRows: publishing.way === 'insertSelect',
        });
  return staged.map(({ file, rows, ms }) =>
    reportOf(file, {
      state: isCancelledError(error) ? 'cancelled' : 'failed',
      rows: staged.length === 1 ? written : shareOf(written, rows),
      error,
      ms,
      note: 'All of it was in the staging table; putting it into the table failed.',
    }),
  );
}

/** Of several files: which of their rows are among those that were written cannot be told. */
function shareOf(written: WrittenRows, rows: number | undefined): WrittenRows {
  const { atMost, by } = written;
  if (atMost === undefined || rows === undefined) return { atLeast: 0, atMost: rows ?? atMost, by };
  return { atLeast: 0, atMost: Math.min(rows, atMost), by };
}

/** One file failed before anything came into the table. */
function failedReports(
  unit: readonly Numbered[],
  staged: readonly Staged[],
  failedAt: number,
  error: unknown,
  ms = 0,
): FileReport[] {
  const failed = unit.find(({ index }) => index === failedAt)?.file.path ?? '';
  return unit.map(({ file, index }) => {
    if (index === failedAt) {
      const state = isCancelledError(error) ? 'cancelled' : 'failed';
      return reportOf(file, { state, rows: NONE_WRITTEN, error, ms });
    }
    const sent = staged.find((each) => each.index === index);
    if (!sent) return notSent(file);
    return reportOf(file, {
      state: 'discarded',
      rows: NONE_WRITTEN,
      ms: sent.ms,
      note: `All or nothing: ${basename(failed)} was not inserted.`,
    });
  });
}
