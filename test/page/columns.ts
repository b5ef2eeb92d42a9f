import type { FakeKind } from './fakeData.ts';

/** One column of each kind, as the tests show them. */
export const COLUMNS: readonly (readonly [string, FakeKind])[] = [
  ['id', 'id'],
  ['text', 'text'],
  ['maybe', 'nullable'],
  ['ratio', 'float'],
  ['at', 'time'],
  ['day', 'date'],
  ['state', 'server'],
];

/** `count` columns of changing kinds. */
export function manyColumns(count: number): (readonly [string, FakeKind])[] {
  return Array.from({ length: count }, (_, i) => {
    const [, kind] = COLUMNS[i % COLUMNS.length] ?? ['id', 'id'];
    return [`column ${i}`, kind] as const;
  });
}
