import type { ResultSnapshot } from '../src/shared/protocol.ts';
import { element, icon } from './dom.ts';

function line(name: string, text: string): HTMLElement {
  return element('p', { class: 'aside' }, icon(name), element('span', {}, text));
}

/** Lines above the grid: a lost session, and whether a cancelled query really stopped. */
export function asides({ notice, message, columns }: ResultSnapshot): HTMLElement[] {
  const lines: HTMLElement[] = [];
  if (notice !== undefined) lines.push(line('warning', notice));
  // Without columns the message has the whole page.
  if (message !== undefined && columns.length > 0) lines.push(line('info', message));
  return lines;
}
