import * as vscode from 'vscode';
import type { ServerSettings } from '../../../core/transfer/formatOptions.ts';
import { findFormat } from '../../../core/transfer/formats.ts';
import { type FormatChoice, formatChoices } from '../formatChoices.ts';
import { askOptions } from './askOptions.ts';
import type { FormatChosen, LastChoices } from './lastChoices.ts';
import { choicesText } from './optionTexts.ts';
import { pick } from './quickPick.ts';

interface FormatItem extends vscode.QuickPickItem {
  /** Undefined for the entry that leads to the options of the format highlighted before it. */
  readonly choice?: FormatChoice;
}

export interface FormatQuestion {
  /** Output formats of the server; undefined when it could not be asked. */
  readonly formats: Promise<readonly string[] | undefined>;
  /** The FORMAT of the statement itself, which is offered first. */
  readonly own: string | undefined;
  readonly choices: LastChoices;
  /** The server's values of the settings behind a format's options. */
  readonly settings: (format: string) => Promise<ServerSettings | undefined>;
}

const OPTIONS = 'Options…';
const GEAR: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('gear'), tooltip: OPTIONS };

/**
 * Asks for the format. Its options are a step of their own, for those who ask for it: by the gear of a
 * format, or by the last entry, which is about the format highlighted before. Undefined: turned away.
 */
export async function askFormat(question: FormatQuestion): Promise<FormatChosen | undefined> {
  const { formats, own, choices, settings } = question;
  let first = own === undefined ? choices.format : (findFormat(own)?.name ?? own);
  for (;;) {
    let highlighted: FormatChoice | undefined;
    const items = formats.then((names) => {
      const all = formatChoices(names, first);
      [highlighted] = all;
      return itemsFor(all, choices);
    });
    const picked = await pick<FormatItem>({
      title: 'Save Results: Format',
      placeholder: 'Format',
      items,
      onActive: ({ choice }) => {
        highlighted = choice ?? highlighted;
      },
    });
    if (!picked || picked.by === 'back') return undefined;
    const choice = picked.item.choice ?? highlighted;
    if (!choice) return undefined;
    const chosen = choices.of(choice.format);
    if (picked.by === 'accept' && picked.item.choice) return chosen;
    const server = await settings(choice.format);
    const withOptions = await askOptions(chosen, choice.label, server);
    if (withOptions !== 'back') return withOptions;
    first = choice.format;
  }
}

function itemsFor(all: readonly FormatChoice[], choices: LastChoices): FormatItem[] {
  return [
    ...all.map((choice) => itemOf(choice, choices)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(gear) ${OPTIONS}`,
      description: 'Of the format highlighted before this: delimiter, header, compression and more',
      alwaysShow: true,
    },
  ];
}

function itemOf(choice: FormatChoice, choices: LastChoices): FormatItem {
  const { values, compression } = choices.of(choice.format);
  const text = choicesText(choice.format, values, compression);
  return {
    label: choice.label,
    description: text === '' ? choice.description : `${text} · ${choice.description}`,
    choice,
    buttons: [GEAR],
  };
}
