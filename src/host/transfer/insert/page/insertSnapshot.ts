import path from 'node:path';
import type { InsertPlan } from '../../../../core/transfer/insertPlan.ts';
import { FORMATS } from '../../../../core/transfer/formats.ts';
import { hasRowChunks } from '../../../../core/transfer/insert/rowChunks.ts';
import { fillable, type Targets } from '../../../../core/transfer/look/columnTargets.ts';
import { choicesOf, hasHeader } from '../../../../core/transfer/look/readingChoices.ts';
import { countOf, formatBytes, formatCount } from '../../../../shared/humanNumbers.ts';
import type {
  InsertSnapshot,
  ShownColumn,
  ShownFailure,
  ShownFile,
  ShownReading,
  ShownTarget,
} from '../../../../shared/insert/insertProtocol.ts';
import { errorText } from '../../../errors/errorText.ts';
import { tableLabel } from '../tableLabel.ts';
import type { FileKind } from './fileKinds.ts';
import type { InsertDraft } from './insertDraft.ts';

const FORMAT_NAMES = FORMATS.filter(({ input, needsSchema }) => input && !needsSchema).map(
  ({ name }) => name,
);

/** What the page shows of a draft. */
export function insertSnapshot(draft: InsertDraft): InsertSnapshot {
  const { job, kind, plan, look, newTable, onError, mode, isLooking } = draft;
  const table = tableLabel(draft.table);
  const refusal = refusalOf(draft);
  const { rows, check } = look;
  const tables = rows?.texts.tables ?? [];
  return {
    title: insertTitle(draft),
    table,
    connection: job.connection.name,
    files: shownFiles(draft),
    leftOut: job.others.length,
    kind: draft.shownKind,
    facts: plan ? factsOf(plan) : '',
    remarks: [
      ...(plan?.remarks ?? []),
      ...(look.isLocal
        ? ['The first rows are read by the local ClickHouse, not by the server.']
        : []),
    ],
    ...(plan?.other && { other: plan.other }),
    notes: plan && kind ? notesOf(plan, kind.targets) : [],
    formats: FORMAT_NAMES,
    reading: readingOf(draft),
    columns: shownColumns(draft),
    targets: plan && kind ? shownTargets(plan, kind.targets) : [],
    mappable: plan?.fileColumns !== undefined && plan.tableColumns !== undefined && !newTable,
    looking: isLooking,
    ...(look.problem !== undefined && { problem: look.problem }),
    ...(rows && {
      rows: {
        id: look.id,
        columns: rows.columns,
        rows: look.rowCount,
        timeZone: rows.texts.timeZone,
        ...(tables.length > 0 && { zones: tables }),
      },
    }),
    ...(check?.rows !== undefined && { lookedAt: check.rows }),
    failing: rows && check ? check.failing.map(shownFailure) : [],
    moreFail: check?.hasMore ?? false,
    onError,
    mode,
    ...(newTable && { newTable: newTable.shown }),
    ...(refusal !== undefined && { refusal }),
  };
}

/** `Insert data.csv.gz into db.table` */
export function insertTitle(draft: InsertDraft): string {
  const [first, ...others] = draft.job.files;
  const files =
    others.length === 0
      ? path.basename(first?.path ?? '')
      : countOf(draft.job.files.length, 'file');
  const table = tableLabel(draft.table);
  return draft.newTable ? `Create ${table} from ${files}` : `Insert ${files} into ${table}`;
}

function shownFiles({ job, kinds }: InsertDraft): ShownFile[] {
  return job.files.map(({ path: file, bytes, problem }, index) => {
    const kind = kinds.findIndex(({ files }) => files.includes(index));
    return {
      name: path.basename(file),
      bytes,
      ...(kind >= 0 && { kind }),
      ...(problem !== undefined && { problem: errorText(problem).short }),
    };
  });
}

function factsOf({ coding, bytes, fileColumns }: InsertPlan): string {
  const parts = [
    ...(coding === undefined ? [] : [`compressed with ${coding}`]),
    formatBytes(bytes),
    ...(fileColumns ? [countOf(fileColumns.length, 'column')] : []),
  ];
  return parts.join(', ');
}

/** More names than these make a sentence nobody reads. */
const MOST_NAMES = 12;

function names(columns: readonly string[]): string {
  const shown = columns.slice(0, MOST_NAMES);
  const more = columns.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** What is worth knowing about how file and table fit; pure. */
export function notesOf(plan: InsertPlan, targets: Targets): string[] {
  const { fileColumns, tableColumns, namesColumns } = plan;
  const notes: string[] = [];
  if (plan.isEmpty) notes.push('The file is empty.');
  if (!tableColumns) notes.push("You may not see this table's columns.");
  if (!fileColumns || !tableColumns) return notes;
  const left = fileColumns.flatMap(({ name }, index) =>
    targets[index] === undefined ? [name] : [],
  );
  if (left.length > 0) notes.push(`Not in the table: ${names(left)}.`);
  const taken = new Set(targets);
  const missing = fillable(plan).filter(({ name }) => !taken.has(name));
  if (missing.length > 0) {
    const list = names(missing.map(({ name }) => name));
    notes.push(`Not in the file, filled with their defaults: ${list}.`);
  }
  if (namesColumns) return notes;
  notes.push('The file has no column names: columns go by their order.');
  const filled = fillable(plan).length;
  if (filled !== fileColumns.length) {
    const has = countOf(fileColumns.length, 'column');
    notes.push(`The file has ${has}, the table takes ${formatCount(filled)}.`);
  }
  return notes;
}

function readingOf({ kind, plan, choices }: InsertDraft): ShownReading {
  if (!kind || !plan) return { format: '' };
  const { format } = plan;
  const has = choicesOf(format);
  const header = hasHeader(format);
  return {
    format,
    ...(header !== undefined && { header }),
    ...(format.startsWith('CSV') && { delimiter: delimiterOf(kind) }),
    ...(has.has('skipUnknown') && { skipUnknown: choices.skipUnknown }),
    ...(has.has('allowErrors') && { allowErrors: choices.allowErrors }),
    ...(has.has('bestEffortTimes') && { bestEffortTimes: choices.bestEffortTimes }),
    ...(has.has('nullText') && { nullText: choices.nullText }),
  };
}

function delimiterOf({ delimiter, plan }: FileKind): string {
  const found = plan.settings['format_csv_delimiter'];
  return delimiter ?? (typeof found === 'string' ? found : ',');
}

function shownColumns({ plan, kind, newTable }: InsertDraft): ShownColumn[] {
  const columns = plan?.fileColumns ?? [];
  return columns.map(({ name, type }, index) => {
    const target = kind?.targets[index];
    return {
      name,
      type: newTable?.columns[index]?.type ?? type,
      ...(target !== undefined && { target }),
    };
  });
}

function shownTargets(plan: InsertPlan, targets: Targets): ShownTarget[] {
  const taken = new Set(targets);
  const isUnknown = plan.fileColumns === undefined;
  return (plan.tableColumns ?? []).map(({ name, type, computed }) => {
    const fromFile = taken.has(name) || isUnknown;
    return { name, type, filled: computed ? 'computed' : fromFile ? 'file' : 'default' };
  });
}

function shownFailure({
  row,
  column,
  reason,
}: {
  row: number | undefined;
  column: string | undefined;
  reason: string;
}): ShownFailure {
  return { ...(row !== undefined && { row }), ...(column !== undefined && { column }), reason };
}

function refusalOf({ job, kind, kinds, mode, newTable }: InsertDraft): string | undefined {
  if (job.files.every(({ problem }) => problem !== undefined)) return 'No file can be inserted.';
  const uncut = kinds.find(({ plan }) => !hasRowChunks(plan.format));
  if (mode === 'chunked' && uncut) {
    return `A ${uncut.plan.format} file cannot be cut into pieces, so it is not resumable. All or nothing works.`;
  }
  const targets = kind?.targets.flatMap((target) => target ?? []) ?? [];
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) return `Two columns of the file go to ${twice}.`;
  const { fileColumns, tableColumns } = kind?.plan ?? {};
  if (!newTable && fileColumns && tableColumns && targets.length === 0) {
    return 'No column of the file goes into the table.';
  }
  return newTable?.refusal;
}
