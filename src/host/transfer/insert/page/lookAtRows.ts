import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Settings } from '../../../../core/client/surface.ts';
import type { InsertPlan, LocalReader } from '../../../../core/transfer/insertPlan.ts';
import { sampleColumns, type Targets } from '../../../../core/transfer/look/columnTargets.ts';
import { fileSample } from '../../../../core/transfer/look/fileSample.ts';
import {
  checkSample,
  loadPreview,
  type SampleCheck,
} from '../../../../core/transfer/look/readSample.ts';
import { gridSettingsOf, serverZonesOf } from '../../../results/gridSettings.ts';
import { ResultRows } from '../../../results/resultRows.ts';
import type { InsertJob } from '../prepareInsert.ts';

/** What a look at the first rows found. */
export interface Look {
  /** Also the name of the spool file. */
  readonly id: string;
  readonly check: SampleCheck | undefined;
  readonly rows: ResultRows | undefined;
  readonly rowCount: number;
  readonly problem: string | undefined;
  /** True: the local ClickHouse read the rows, not the server that they go to. */
  readonly isLocal: boolean;
}

export const NOTHING_SEEN: Look = {
  id: '',
  check: undefined,
  rows: undefined,
  rowCount: 0,
  problem: undefined,
  isLocal: false,
};

/** How the rows of a file come before the eyes of a ClickHouse. */
export interface FileAccess {
  readonly serverReadsFiles: boolean;
  readonly sendsFiles: true;
  readonly localReader: LocalReader;
  readonly answers: InsertJob['answers'];
}

export interface LookRequest {
  readonly job: InsertJob;
  readonly access: FileAccess;
  readonly plan: InsertPlan;
  readonly targets: Targets;
  readonly settings: Settings;
  /** For the spool file; its rows belong to the caller. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Reads the first rows of a file as the insert will. @throws the server's error, FileError */
export async function lookAtRows({
  job,
  access,
  plan,
  targets,
  settings,
  folder,
  signal,
}: LookRequest): Promise<Look> {
  const columns = sampleColumns(plan, targets);
  const sample = await fileSample(plan, { ...access, reads: 'head' });
  const isLost = plan.isCutOff && !plan.fileColumns;
  if (!columns || !sample || isLost) {
    return { ...NOTHING_SEEN, problem: whyUnseen(plan, sample !== undefined) };
  }
  if (columns.select.length === 0) {
    return { ...NOTHING_SEEN, problem: 'No column of the file goes into the table.' };
  }
  const local = sample.isLocal ? await job.localReader() : undefined;
  const client = local ?? job.client;
  const request = { sample, columns, settings, signal };
  const check = await checkSample(client.rawQuery.bind(client), request);
  // Without a row number it is the whole file that cannot be read.
  if (check.failing[0] && check.failing[0].row === undefined) {
    return { ...NOTHING_SEEN, check, problem: check.failing[0].reason };
  }
  const id = randomUUID();
  const loaded = await loadPreview({
    ...request,
    client,
    spoolPath: path.join(folder, id),
    gridSettings: gridSettingsOf(client),
    zones: serverZonesOf(client),
  });
  const rows = new ResultRows(loaded.spool, loaded.columns, loaded);
  const isLocal = local !== undefined;
  return { id, check, rows, rowCount: loaded.spool.rows, problem: undefined, isLocal };
}

/** Why there are no rows to show though the file has some. */
function whyUnseen({ format, namesColumns, unreadable }: InsertPlan, hasSample: boolean): string {
  if (unreadable !== undefined) return unreadable;
  if (hasSample) return `The columns of the file could not be found out as ${format}.`;
  const order = namesColumns ? 'to those of the same names in the table' : "in the table's order";
  return `A ${format} file of this size can be looked into by a ClickHouse on this machine only, and there is none. Its rows are not shown, its columns go ${order}.`;
}
