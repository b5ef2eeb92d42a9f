/**
 * Which columns are on screen and in which order. A column is named by its index in the result; its position is
 * its place among the shown ones, pinned columns first.
 */
export interface ColumnLayout {
  /** All columns of the result, also the hidden ones, in the user's order. */
  order: readonly number[];
  hidden: ReadonlySet<number>;
  pinned: ReadonlySet<number>;
}

export function initialLayout(columns: number): ColumnLayout {
  return {
    order: Array.from({ length: columns }, (_, i) => i),
    hidden: new Set(),
    pinned: new Set(),
  };
}

/** The shown columns by position. */
export function shownColumns({ order, hidden, pinned }: ColumnLayout): number[] {
  const shown = order.filter((column) => !hidden.has(column));
  return [
    ...shown.filter((column) => pinned.has(column)),
    ...shown.filter((column) => !pinned.has(column)),
  ];
}

export function pinnedCount({ hidden, pinned }: ColumnLayout): number {
  return [...pinned].filter((column) => !hidden.has(column)).length;
}

/** Puts a shown column at a position, at most to the end of its own group: pinned columns stay pinned. */
export function moveColumn(layout: ColumnLayout, column: number, position: number): ColumnLayout {
  const shown = shownColumns(layout);
  const from = shown.indexOf(column);
  if (from < 0) return layout;
  const pins = pinnedCount(layout);
  const [first, last] = layout.pinned.has(column) ? [0, pins - 1] : [pins, shown.length - 1];
  const to = Math.max(first, Math.min(last, position));
  if (to === from) return layout;
  const neighbour = shown[to];
  const order = layout.order.filter((other) => other !== column);
  const at = order.findIndex((other) => other === neighbour);
  order.splice(to > from ? at + 1 : at, 0, column);
  return { ...layout, order };
}

/** The last shown column is never hidden: nothing would be left to show the others by. */
export function hideColumns(layout: ColumnLayout, columns: readonly number[]): ColumnLayout {
  const hidden = new Set([...layout.hidden, ...columns]);
  return hidden.size >= layout.order.length ? layout : { ...layout, hidden };
}

/** Shows these columns and no others. */
export function showOnly(layout: ColumnLayout, columns: readonly number[]): ColumnLayout {
  const shown = new Set(columns);
  const hidden = new Set(layout.order.filter((column) => !shown.has(column)));
  return hidden.size >= layout.order.length ? layout : { ...layout, hidden };
}

export function pinColumns(
  layout: ColumnLayout,
  columns: readonly number[],
  pin: boolean,
): ColumnLayout {
  const pinned = new Set(layout.pinned);
  for (const column of columns) {
    if (pin) pinned.add(column);
    else pinned.delete(column);
  }
  return { ...layout, pinned };
}
