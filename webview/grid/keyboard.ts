/** What the grid does on a key. Pure, so that every key is tested without a page. */
export type GridAction =
  | { type: 'move'; rows: number; columns: number; extend: boolean }
  | { type: 'page'; direction: 1 | -1; extend: boolean }
  | { type: 'edge'; row?: 'first' | 'last'; column?: 'first' | 'last'; extend: boolean }
  | { type: 'selectAll' }
  | { type: 'selectRows' }
  | { type: 'selectColumns' }
  | { type: 'copy' }
  /** Changes the width of the active cell's column, px. */
  | { type: 'resize'; by: number };

/** The part of a KeyboardEvent that decides. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const RESIZE_STEP_PX = 16;

const ARROWS = new Map<string, [rows: number, columns: number]>([
  ['ArrowUp', [-1, 0]],
  ['ArrowDown', [1, 0]],
  ['ArrowLeft', [0, -1]],
  ['ArrowRight', [0, 1]],
]);

function edge(
  key: string,
  extend: boolean,
  toCorner: boolean,
): Extract<GridAction, { type: 'edge' }> | undefined {
  switch (key) {
    case 'Home':
      return { type: 'edge', column: 'first', extend, ...(toCorner ? { row: 'first' } : {}) };
    case 'End':
      return { type: 'edge', column: 'last', extend, ...(toCorner ? { row: 'last' } : {}) };
    default:
      return undefined;
  }
}

function edgeByArrow(key: string, extend: boolean): GridAction | undefined {
  switch (key) {
    case 'ArrowUp':
      return { type: 'edge', row: 'first', extend };
    case 'ArrowDown':
      return { type: 'edge', row: 'last', extend };
    case 'ArrowLeft':
      return { type: 'edge', column: 'first', extend };
    case 'ArrowRight':
      return { type: 'edge', column: 'last', extend };
    default:
      return undefined;
  }
}

/** The grid's action for a key, undefined for keys that are not the grid's. @param mac Cmd takes Ctrl's place */
export function keyAction(e: Key, mac: boolean): GridAction | undefined {
  const main = mac ? e.metaKey : e.ctrlKey;
  const extend = e.shiftKey;
  if (e.altKey) {
    if (!extend || main) return undefined;
    if (e.key === 'ArrowRight') return { type: 'resize', by: RESIZE_STEP_PX };
    if (e.key === 'ArrowLeft') return { type: 'resize', by: -RESIZE_STEP_PX };
    return undefined;
  }
  // Ctrl+Space selects a column on the Mac too: Cmd+Space belongs to the system.
  if (e.key === ' ') {
    if (e.ctrlKey) return { type: 'selectColumns' };
    return extend ? { type: 'selectRows' } : undefined;
  }
  if (main) {
    if (!extend && e.key.toLowerCase() === 'a') return { type: 'selectAll' };
    if (!extend && e.key.toLowerCase() === 'c') return { type: 'copy' };
    return edge(e.key, extend, true) ?? edgeByArrow(e.key, extend);
  }
  if (e.ctrlKey || e.metaKey) return undefined;
  const arrow = ARROWS.get(e.key);
  if (arrow) return { type: 'move', rows: arrow[0], columns: arrow[1], extend };
  if (e.key === 'PageDown') return { type: 'page', direction: 1, extend };
  if (e.key === 'PageUp') return { type: 'page', direction: -1, extend };
  return edge(e.key, extend, false);
}
