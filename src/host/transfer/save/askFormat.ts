import * as vscode from 'vscode';
import { findFormat } from '../../../core/transfer/formats.ts';
import { type FormatChoice, formatChoices } from '../formatChoices.ts';
import type { FormatChosen, LastChoices } from './lastChoices.ts';

interface FormatItem extends vscode.QuickPickItem {
  readonly choice: FormatChoice;
}

/**
 * Asks for the format, and for its options where they are asked for.
 * @param formats output formats of the server; resolves to undefined when it could not be asked.
 * @param own the FORMAT of the statement itself, which is offered first.
 */
export async function askFormat(
  formats: Promise<readonly string[] | undefined>,
  own: string | undefined,
  choices: LastChoices,
): Promise<FormatChosen | undefined> {
  const first = own === undefined ? choices.format : (findFormat(own)?.name ?? own);
  const items = formats.then((names) => formatChoices(names, first).map(itemOf));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Save Results As',
    placeHolder: 'Format',
    matchOnDescription: true,
  });
  return picked && choices.of(picked.choice.format);
}

function itemOf(choice: FormatChoice): FormatItem {
  return { label: choice.label, description: choice.description, choice };
}
