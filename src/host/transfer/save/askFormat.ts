import * as vscode from 'vscode';
import type { ServerSettings } from '../../../core/transfer/formatOptions.ts';
import { findFormat, isSameFormat, suffixOfFormat } from '../../../core/transfer/formats.ts';
import type { OwnOutput } from '../../../core/transfer/options/ownOutput.ts';
import { type FormatChoice, formatChoices } from '../formatChoices.ts';
import { askOptions } from './askOptions.ts';
import type { ChoicesFor, FormatChosen, LastChoices } from './lastChoices.ts';
import { choicesText } from './optionTexts.ts';
import { ON_OWN_MACHINE, isToOwnMachine, ownMachineText, thisPlace } from './place.ts';
import { placeText } from './placeText.ts';
import { entryPresets, presetChosen } from './presets.ts';
import { pick } from './quickPick.ts';

interface FormatItem extends vscode.QuickPickItem {
  /** Undefined for the entries below the formats. */
  readonly chosen?: FormatChosen;
  /** The entry that says where the file goes instead. */
  readonly isPlace?: true;
}

export interface FormatQuestion {
  /** Output formats of the server; undefined when it could not be asked. */
  readonly formats: Promise<readonly string[] | undefined>;
  /** The server's values of the settings behind options. */
  readonly settings: Promise<ServerSettings | undefined>;
  /** The FORMAT of the statement itself, which is offered first. */
  readonly ownFormat?: string | undefined;
  /** Names of the SETTINGS of the statement itself. */
  readonly ownSettings?: ReadonlySet<string>;
  readonly choices: LastChoices;
  /** True: the file may go to the user's own machine, where that is another one. */
  readonly hasPlaces?: true;
}

const OPTIONS = 'Options…';
const SAID_BY_STATEMENT = 'FORMAT of the statement';
const GEAR: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('gear'), tooltip: OPTIONS };

/**
 * Asks for the format. Its options are a step of their own, for those who ask for it: by the gear of a
 * format, or by an entry below, which is about the format highlighted before. In remote windows another entry
 * changes the machine. Undefined: turned away.
 */
export async function askFormat(question: FormatQuestion): Promise<FormatChosen | undefined> {
  const { ownFormat, ownSettings = new Set(), choices } = question;
  let first = ownFormat === undefined ? choices.format : (findFormat(ownFormat)?.name ?? ownFormat);
  const server = question.settings;
  const ownOf = (format: string): OwnOutput => ({
    hasFormat: ownFormat !== undefined && isSameFormat(ownFormat, format),
    settings: ownSettings,
  });
  for (;;) {
    let highlighted: FormatChosen | undefined;
    const items = Promise.all([question.formats, server]).then(([names, known]) => {
      const all = formatChoices(names, first);
      const rememberedFor = (format: string): Remembered => ({
        choices,
        server: known,
        own: ownOf(format),
      });
      const items = itemsFor(all, rememberedFor);
      highlighted = items[0]?.chosen;
      return [...items, ...placeItems(question)];
    });
    const picked = await pick<FormatItem>({
      title: titleFor(question),
      placeholder: 'Choose a format; its gear leads to its options',
      items,
      onActive: ({ chosen }) => {
        highlighted = chosen ?? highlighted;
      },
    });
    if (!picked || picked.by === 'back') return undefined;
    if (picked.item.isPlace) {
      await choices.setToOwnMachine(!choices.isToOwnMachine);
      first = highlighted?.format;
      continue;
    }
    const chosen = picked.item.chosen ?? highlighted;
    if (!chosen) return undefined;
    if (picked.by === 'accept' && picked.item.chosen) return chosen;
    const where = { server: await server, own: ownOf(chosen.format) };
    const withOptions = await askOptions(chosen, where);
    if (withOptions !== 'back') return withOptions;
    first = chosen.format;
  }
}

/** Where the extension runs is told by the dialog that follows. */
function titleFor({ choices, hasPlaces }: FormatQuestion): string {
  return hasPlaces && isToOwnMachine(choices)
    ? `Save Results: Format (${ON_OWN_MACHINE})`
    : 'Save Results: Format';
}

type Remembered = ChoicesFor & { readonly choices: LastChoices };

function itemsFor(
  all: readonly FormatChoice[],
  rememberedFor: (format: string) => Remembered,
): FormatItem[] {
  return [
    ...all.flatMap((choice) => itemsOf(choice, rememberedFor(choice.format))),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(gear) ${OPTIONS}`,
      description: 'Of the format highlighted before this: delimiter, header, compression and more',
      alwaysShow: true,
    },
  ];
}

/** In remote windows: the other of the two machines that a file may go to. */
function placeItems({ choices, hasPlaces }: FormatQuestion): FormatItem[] {
  const here = placeText(thisPlace());
  if (!hasPlaces || here === undefined) return [];
  const isOwn = choices.isToOwnMachine;
  const machine = isOwn ? 'the remote machine' : 'your own machine';
  return [
    {
      label: `$(device-desktop) Save on ${machine} instead…`,
      description: isOwn ? `Of any size, ${here}` : ownMachineText(),
      alwaysShow: true,
      isPlace: true,
    },
  ];
}

/**
 * A format as it was saved last, and its presets, which people look for by the program that they want to open the file
 * with. The preset that was saved last comes before it.
 */
function itemsOf(choice: FormatChoice, remembered: Remembered): FormatItem[] {
  const { format } = choice;
  const { choices, server, own } = remembered;
  const last = choices.of(format, remembered);
  const presets = entryPresets(format);
  const lastIndex = presets.findIndex(({ id }) => id === last.preset);
  const plain = lastIndex === -1 ? last : choices.besidesPresets(format, remembered);
  const item = itemOf(choice.label, plain, [
    ...(own.hasFormat ? [SAID_BY_STATEMENT] : []),
    choicesText(plain, server),
    choice.description,
  ]);
  const presetItems = presets.map((preset) => {
    const chosen = preset.id === last.preset ? last : presetChosen(format, preset, remembered);
    return itemOf(`${choice.label} for ${preset.label}`, chosen, [
      choicesText({ format, values: {}, compression: chosen.compression }, server),
      `.${suffixOfFormat(format)}`,
      preset.description,
    ]);
  });
  const first = lastIndex === -1 ? [] : presetItems.splice(lastIndex, 1);
  return [...first, item, ...presetItems];
}

function itemOf(label: string, chosen: FormatChosen, told: readonly string[]): FormatItem {
  const description = told.filter((part) => part !== '').join(' · ');
  return { label, description, chosen, buttons: [GEAR] };
}
