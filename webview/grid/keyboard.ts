/** What the grid does on a key. Pure, so that every key is tested without a page. */
export type GridAction =
  | { type: 'move'; rows: number; columns: number; extend: boolean }
  | { type: 'page'; direction: 1 | -1; extend: boolean }
  | { type: 'edge'; row?: 'first' | 'last'; column?: 'first' | 'last'; extend: boolean }
  | { type: 'selectAll' }
  | { type: 'selectRows' }
  | { type: 'selectColumns' }
  /** Begins or ends selecting several parts. */
  | { type: 'addPart' }
  /** Selects nothing but the active cell. */
  | { type: 'collapse' }
  | { type: 'copy'; header: boolean }
  /** Changes the width of the active cell's column, px. */
  | { type: 'resize'; by: number }
  /** Moves the active cell's column by positions. */
  | { type: 'moveColumn'; by: 1 | -1 }
  /** Sorts by the active cell's column; a direction that it has already ends that. */
  | { type: 'sort'; direction: 'ascending' | 'descending'; add: boolean }
  | { type: 'find' }
  | { type: 'findNext'; by: 1 | -1 }
  /** Asks for the number of a row. */
  | { type: 'goToRow' }
  /** Opens or closes the whole value of the active cell. */
  | { type: 'inspect' };

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

function columnAction(key: string, shift: boolean): GridAction | undefined {
  if (key === 'ArrowUp') return { type: 'sort', direction: 'ascending', add: shift };
  if (key === 'ArrowDown') return { type: 'sort', direction: 'descending', add: shift };
  if (key !== 'ArrowRight' && key !== 'ArrowLeft') return undefined;
  const by = key === 'ArrowRight' ? 1 : -1;
  return shift ? { type: 'resize', by: by * RESIZE_STEP_PX } : { type: 'moveColumn', by };
}

/** The grid's action for a key, undefined for keys that are not the grid's. @param mac Cmd takes Ctrl's place */
export function keyAction(e: Key, mac: boolean): GridAction | undefined {
  const main = mac ? e.metaKey : e.ctrlKey;
  const extend = e.shiftKey;
  if (e.altKey) return main ? undefined : columnAction(e.key, extend);
  // Ctrl+Space selects a column on the Mac too: Cmd+Space belongs to the system.
  if (e.key === ' ') {
    if (e.ctrlKey) return { type: 'selectColumns' };
    return extend ? { type: 'selectRows' } : { type: 'inspect' };
  }
  // As in VS Code's editors, on the Mac too.
  if (e.ctrlKey && !extend && e.key.toLowerCase() === 'g') return { type: 'goToRow' };
  if (main) {
    if (!extend && e.key.toLowerCase() === 'a') return { type: 'selectAll' };
    if (!extend && e.key.toLowerCase() === 'f') return { type: 'find' };
    if (e.key.toLowerCase() === 'c') return { type: 'copy', header: extend };
    return edge(e.key, extend, true) ?? edgeByArrow(e.key, extend);
  }
  if (e.ctrlKey || e.metaKey) return undefined;
  const arrow = ARROWS.get(e.key);
  if (arrow) return { type: 'move', rows: arrow[0], columns: arrow[1], extend };
  if (e.key === 'F3') return { type: 'findNext', by: extend ? -1 : 1 };
  if (e.key === 'F8' && extend) return { type: 'addPart' };
  if (!extend && e.key === 'Enter') return { type: 'inspect' };
  if (!extend && e.key === 'Escape') return { type: 'collapse' };
  if (e.key === 'PageDown') return { type: 'page', direction: 1, extend };
  if (e.key === 'PageUp') return { type: 'page', direction: -1, extend };
  return edge(e.key, extend, false);
}
