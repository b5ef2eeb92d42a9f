import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Workbench } from './workbench.ts';

export const THEMES = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  highContrast: 'Default High Contrast',
  highContrastLight: 'Default High Contrast Light',
} as const;

const WORKBENCH_CLASS = {
  dark: 'vs-dark',
  light: 'vs',
  highContrast: 'hc-black',
  highContrastLight: 'hc-light',
} as const;

/** Changes settings of the workspace. Edits of the user's settings file go unnoticed in VS Code. */
export function setWorkspaceSettings(
  workbench: Workbench,
  settings: Readonly<Record<string, unknown>>,
): void {
  const file = workbench.path('.vscode/settings.json');
  mkdirSync(dirname(file), { recursive: true });
  let before: object = {};
  try {
    before = JSON.parse(readFileSync(file, 'utf8')) as object;
  } catch {
    // There were none.
  }
  writeFileSync(file, JSON.stringify({ ...before, ...settings }));
}

/** Switches the colour theme and waits until the workbench shows it. */
export async function setTheme(workbench: Workbench, theme: keyof typeof THEMES): Promise<void> {
  setWorkspaceSettings(workbench, { 'workbench.colorTheme': THEMES[theme] });
  await workbench.page.locator(`.monaco-workbench.${WORKBENCH_CLASS[theme]}`).waitFor();
}
