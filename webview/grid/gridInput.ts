import { keyAction, type GridAction } from './keyboard.ts';
import type { Viewport } from './viewport.ts';

export interface InputHandlers {
  /** The scroller was moved: the viewport has followed. */
  onMoved: () => void;
  /** The wheel, px. */
  onScroll: (x: number, y: number) => void;
  onAction: (action: GridAction) => void;
}

/** Scroll bar, wheel, keys and the keyboard's context menu of the grid. @param mac Cmd takes Ctrl's place */
export function attachInput(
  grid: HTMLElement,
  viewport: Viewport,
  mac: boolean,
  { onMoved, onScroll, onAction }: InputHandlers,
): { disconnect(): void } {
  const stop = new AbortController();
  const { signal } = stop;
  grid.addEventListener(
    'scroll',
    () => {
      viewport.follow();
      onMoved();
    },
    { signal },
  );
  grid.addEventListener(
    'wheel',
    (event) => {
      if (event.ctrlKey) return;
      const sideways = event.shiftKey && event.deltaX === 0;
      event.preventDefault();
      onScroll(sideways ? event.deltaY : event.deltaX, sideways ? 0 : event.deltaY);
    },
    { passive: false, signal },
  );
  grid.addEventListener(
    'keydown',
    (event) => {
      const action = keyAction(event, mac);
      if (!action) return;
      // The workbench listens too: a key that the grid took must not also run a command.
      event.preventDefault();
      event.stopPropagation();
      onAction(action);
    },
    { signal },
  );
  grid.addEventListener(
    'contextmenu',
    (event) => {
      // The keyboard's context menu is for the active cell, not for the middle of the grid.
      const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
      if (event.target !== grid || !active) return;
      event.preventDefault();
      event.stopPropagation();
      const { left, bottom } = active.getBoundingClientRect();
      const place = { clientX: left + 8, clientY: bottom - 4, bubbles: true, cancelable: true };
      active.dispatchEvent(new MouseEvent('contextmenu', place));
    },
    { signal },
  );
  return {
    disconnect: () => {
      stop.abort();
    },
  };
}
