import * as vscode from 'vscode';
import { type ServerSettings, formatPresets } from '../../../core/transfer/formatOptions.ts';
import { findFormat, isSameFormat } from '../../../core/transfer/formats.ts';
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
const SAID_BY_STATEMENT = 'FORMAT of the statement';
/** People look for the program that they want to open the file with. */
const PRESETS = 'for Excel: see its options';
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
      return itemsFor(all, choices, own);
    });
    const picked = await pick<FormatItem>({
      title: 'Save Results: Format',
      placeholder: 'Choose a format; its gear leads to its options',
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

function itemsFor(
  all: readonly FormatChoice[],
  choices: LastChoices,
  own: string | undefined,
): FormatItem[] {
  return [
    ...all.map((choice) => itemOf(choice, choices, own)),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(gear) ${OPTIONS}`,
      description: 'Of the format highlighted before this: delimiter, header, compression and more',
      alwaysShow: true,
    },
  ];
}

function itemOf(choice: FormatChoice, choices: LastChoices, own: string | undefined): FormatItem {
  const { format, label, description } = choice;
  const { values, compression } = choices.of(format);
  const parts = [
    ...(own !== undefined && isSameFormat(own, format) ? [SAID_BY_STATEMENT] : []),
    choicesText(format, values, compression),
    description,
    ...(formatPresets(format).length > 0 ? [PRESETS] : []),
  ];
  return {
    label,
    description: parts.filter((part) => part !== '').join(' · '),
    choice,
    buttons: [GEAR],
  };
}
