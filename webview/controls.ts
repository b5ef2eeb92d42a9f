import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeProgressRing,
} from '@vscode/webview-ui-toolkit';
import { element, icon } from './dom.ts';

// The only file that knows the toolkit: it is archived, and must be replaceable in one place.

/** A button of the toolkit, as far as the page uses it. */
export interface ButtonElement extends HTMLElement {
  disabled: boolean;
}

/** Must run before the first control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());
}

/** A button that shows nothing but its icon. */
export function iconButton(name: string, title: string, onClick: () => void): ButtonElement {
  const made = buttonElement('icon', onClick);
  made.ariaLabel = title;
  made.title = title;
  made.append(icon(name));
  return made;
}

export interface ButtonOptions {
  title: string;
  icon?: string;
  primary?: boolean;
  onClick: () => void;
}

export function button(options: ButtonOptions): ButtonElement {
  const made = buttonElement(options.primary === true ? 'primary' : 'secondary', options.onClick);
  if (options.icon !== undefined) {
    const image = icon(options.icon);
    image.slot = 'start';
    made.append(image);
    // In a narrow panel only the icon is shown; the text stays as tooltip and for assistive technology.
    made.title = options.title;
  }
  // Not a span: the toolkit gives every span in a button the size of an icon.
  made.append(element('div', options.icon === undefined ? {} : { class: 'label' }, options.title));
  return made;
}

/** One of several, as the browser's own drop-down: its list may be larger than a low panel. */
export function select(
  title: string,
  options: readonly (readonly [value: string, title: string])[],
  onChange: (value: string) => void,
): HTMLElement & { value: string } {
  const made = element(
    'select',
    { class: 'select', 'aria-label': title, title },
    ...options.map(([value, text]) => element('option', { value }, text)),
  );
  made.addEventListener('change', () => {
    onChange(made.value);
  });
  return made;
}

function buttonElement(
  appearance: 'primary' | 'secondary' | 'icon',
  onClick: () => void,
): ButtonElement {
  const made = document.createElement('vscode-button') as ButtonElement;
  made.setAttribute('appearance', appearance);
  made.addEventListener('click', onClick);
  return made;
}

/** Decoration: the state's text says that something is running. */
export function progressRing(): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-hidden', 'true');
  return ring;
}
