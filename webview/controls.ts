import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeProgressRing,
  type Button,
} from '@vscode/webview-ui-toolkit';
import { icon } from './dom.ts';

// The only file that knows the toolkit: it is archived, and must be replaceable in one place.

export type { Button } from '@vscode/webview-ui-toolkit';

/** Must run before the first control is made. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());
}

export interface ButtonOptions {
  title: string;
  icon?: string;
  primary?: boolean;
  onClick: () => void;
}

export function button(options: ButtonOptions): Button {
  const made = document.createElement('vscode-button') as Button;
  made.appearance = options.primary === true ? 'primary' : 'secondary';
  if (options.icon !== undefined) {
    const image = icon(options.icon);
    image.slot = 'start';
    made.append(image);
  }
  made.append(options.title);
  made.addEventListener('click', options.onClick);
  return made;
}

/** Decoration: the state's text says that something is running. */
export function progressRing(): HTMLElement {
  const ring = document.createElement('vscode-progress-ring');
  ring.setAttribute('aria-hidden', 'true');
  return ring;
}
