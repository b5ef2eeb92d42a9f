import type { ResultSnapshot } from '../src/shared/protocol.ts';
import { button } from './controls.ts';
import { element, icon } from './dom.ts';

/** The error of a run: code, name, message, what to do next, and the commands that may help. */
export function errorPanel(
  { error, actions }: ResultSnapshot,
  onAction: (id: string) => void,
): HTMLElement | undefined {
  if (!error) return undefined;
  const code = error.code === undefined ? error.name : `Code ${error.code} · ${error.name}`;
  const panel = element(
    'section',
    { class: 'error', 'aria-label': 'Error', tabindex: '0' },
    element('h2', {}, icon('error'), element('span', { class: 'error-name' }, code)),
    element('p', { class: 'error-message' }, error.message),
  );
  if (error.hint !== undefined) panel.append(element('p', { class: 'error-hint' }, error.hint));
  const buttons = actions.map(({ id, title }, i) =>
    button({
      title,
      primary: i === 0,
      onClick: () => {
        onAction(id);
      },
    }),
  );
  if (buttons.length > 0) panel.append(element('p', { class: 'error-actions' }, ...buttons));
  return panel;
}
