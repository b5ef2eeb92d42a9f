import type { InsertFileOptions, MappedColumn } from '../../client/surface.ts';
import type { ColumnInfo, InsertPlan, TableColumn } from '../insertPlan.ts';

/** The table's column that each column of the file goes to; undefined: it is left out. */
export type Targets = readonly (string | undefined)[];

type Plan = Pick<InsertPlan, 'format' | 'namesColumns' | 'fileColumns' | 'tableColumns'>;

/** Columns of the table that an insert can fill, in its order. */
export function fillable({ tableColumns }: Pick<InsertPlan, 'tableColumns'>): TableColumn[] {
  return tableColumns?.filter(({ computed }) => !computed) ?? [];
}

/** By name where the file names its columns, else by order. */
export function usualTargets(plan: Plan): Targets {
  const columns = fillable(plan);
  const names = new Set(columns.map(({ name }) => name));
  return (plan.fileColumns ?? []).map(({ name }, index) =>
    plan.namesColumns ? (names.has(name) ? name : undefined) : columns[index]?.name,
  );
}

/** True: the server maps the columns so by itself. */
function isUsual(plan: Plan, targets: Targets): boolean {
  const usual = usualTargets(plan);
  if (targets.some((target, index) => target !== usual[index])) return false;
  return plan.namesColumns || targets.length === fillable(plan).length;
}

/** Where the columns go, as the insert has to be told; nothing where the server does it by itself. */
export function insertColumns(
  plan: Plan,
  targets: Targets,
): Pick<InsertFileOptions, 'columns' | 'mapping'> {
  if (!plan.fileColumns || !plan.tableColumns || isUsual(plan, targets)) return {};
  const all = targets.flatMap((target) => target ?? []);
  if (!plan.namesColumns && all.length === targets.length) return { columns: all };
  return { mapping: mapped(plan, targets) };
}

/** Formats whose every value can be read as text, whatever it is. */
const PLAIN_TEXT = /^(?:CSV|TabSeparated|CustomSeparated)/;

function mapped(plan: Plan, targets: Targets): MappedColumn[] {
  const types = new Map(fillable(plan).map(({ name, type }) => [name, type]));
  return (plan.fileColumns ?? []).flatMap(({ name, type }, index): MappedColumn[] => {
    const target = targets[index];
    if (target !== undefined) return [{ name, type: types.get(target) ?? type, target }];
    // A column that has a name is skipped by it; one without must be read to come to the next.
    if (plan.namesColumns) return [];
    return [{ name, type: PLAIN_TEXT.test(plan.format) ? 'String' : type, target }];
  });
}

/** What a sample is read with, and what is shown of it. */
export interface SampleColumns {
  /** Undefined: as the server infers it. */
  readonly structure: readonly ColumnInfo[] | undefined;
  /** `name` is the sample's, `shown` the table's. */
  readonly select: readonly {
    readonly name: string;
    readonly shown: string;
    readonly type: string;
  }[];
}

/** Reads a sample as the insert will. Undefined when nothing is known of its columns. */
export function sampleColumns(plan: Plan, targets: Targets): SampleColumns | undefined {
  const { fileColumns, tableColumns } = plan;
  if (!tableColumns) {
    if (!fileColumns) return undefined;
    return {
      structure: undefined,
      select: fileColumns.map(({ name, type }) => ({ name, shown: name, type })),
    };
  }
  if (!fileColumns) {
    if (plan.namesColumns) return undefined;
    return asTable(fillable(plan));
  }
  const { columns, mapping } = insertColumns(plan, targets);
  if (mapping) {
    const used = mapping.flatMap(({ name, type, target }) =>
      target === undefined ? [] : [{ name, shown: target, type }],
    );
    return { structure: mapping.map(({ name, type }) => ({ name, type })), select: used };
  }
  const order = columns ?? (plan.namesColumns ? undefined : fillable(plan).map(({ name }) => name));
  const byName = new Map(fillable(plan).map((column) => [column.name, column]));
  const names = order ?? targets.flatMap((target) => target ?? []);
  return asTable(names.flatMap((name) => byName.get(name) ?? []));
}

function asTable(columns: readonly ColumnInfo[]): SampleColumns {
  return {
    structure: columns.map(({ name, type }) => ({ name, type })),
    select: columns.map(({ name, type }) => ({ name, shown: name, type })),
  };
}
