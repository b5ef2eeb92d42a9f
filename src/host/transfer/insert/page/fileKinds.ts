import type { FileToInsert } from '../../../../core/transfer/insertMany.ts';
import type { InsertPlan } from '../../../../core/transfer/insertPlan.ts';
import { type Targets, usualTargets } from '../../../../core/transfer/look/columnTargets.ts';

/** Files that are read alike: the first one stands for all. */
export interface FileKind {
  /** Places in the list of files. */
  readonly files: readonly number[];
  plan: InsertPlan;
  targets: Targets;
  /** Chosen by the user; undefined: as found. */
  format: string | undefined;
  delimiter: string | undefined;
  /** True: the user said that the first line has no names. */
  noHeader: boolean;
}

function likeness({ format, settings, coding, fileColumns }: InsertPlan): string {
  return JSON.stringify([format, settings, coding, fileColumns?.map(({ name }) => name)]);
}

/** Groups the files that were looked at, in the order of their first. */
export function fileKinds(files: readonly FileToInsert[]): FileKind[] {
  const groups = new Map<string, { plan: InsertPlan; files: number[] }>();
  for (const [index, { plan }] of files.entries()) {
    if (!plan) continue;
    const group = groups.get(likeness(plan)) ?? { plan, files: [] };
    group.files.push(index);
    groups.set(likeness(plan), group);
  }
  return [...groups.values()].map(({ plan, files: places }) => ({
    files: places,
    plan,
    targets: usualTargets(plan),
    format: undefined,
    delimiter: undefined,
    noHeader: false,
  }));
}
