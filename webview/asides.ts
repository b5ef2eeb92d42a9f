import type { ResultSnapshot } from '../src/shared/protocol.ts';
import { button } from './controls.ts';
import { element, icon } from './dom.ts';

function line(name: string, text: string): HTMLElement {
  return element('p', { class: 'aside' }, icon(name), element('span', {}, text));
}

/** Lines above the grid: a lost session, a limit that was reached, whether a cancelled query really stopped. */
export function asides(
  { notice, message, limit, actions, columns }: ResultSnapshot,
  onAction: (id: string) => void,
): HTMLElement[] {
  const lines: HTMLElement[] = [];
  if (notice !== undefined) lines.push(line('warning', notice));
  if (limit !== undefined) {
    const buttons = actions.map(({ id, title }) =>
      button({
        title,
        onClick: () => {
          onAction(id);
        },
      }),
    );
    const limited = line('warning', limit);
    limited.append(element('span', { class: 'aside-actions' }, ...buttons));
    lines.push(limited);
  }
  // Without columns the message has the whole page.
  if (message !== undefined && columns.length > 0) lines.push(line('info', message));
  return lines;
}
