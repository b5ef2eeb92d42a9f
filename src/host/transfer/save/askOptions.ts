import * as vscode from 'vscode';
import { CODINGS } from '../../../core/transfer/codings.ts';
import {
  type FormatPreset,
  formatOptions,
  formatPresets,
  optionProblem,
} from '../../../core/transfer/formatOptions.ts';
import type {
  FormatChoices,
  FormatOption,
  OptionValue,
} from '../../../core/transfer/options/formatOption.ts';
import { offeredOptions, unsettledChoices } from '../../../core/transfer/options/ownOutput.ts';
import { formatLabel } from '../formatChoices.ts';
import type { ChoicesFor, FormatChosen } from './lastChoices.ts';
import { choicesText, compressionLabel, valueText } from './optionTexts.ts';
import { pick } from './quickPick.ts';
import type { SaveCompression } from './saveArguments.ts';

type Action =
  | { readonly kind: 'continue' | 'reset' | 'compression' }
  | { readonly kind: 'preset'; readonly preset: FormatPreset }
  | { readonly kind: 'option'; readonly option: FormatOption };

interface ActionItem extends vscode.QuickPickItem {
  readonly action?: Action;
}

const CONTINUE = '$(check) Continue';

function separator(label: string): ActionItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function currentValue(option: FormatOption, values: FormatChoices): OptionValue {
  return values[option.id] ?? option.default;
}

function itemsFor(
  chosen: FormatChosen,
  options: readonly FormatOption[],
  told: string,
): ActionItem[] {
  const { format, values, compression } = chosen;
  const presets = formatPresets(format);
  return [
    { label: CONTINUE, description: told, action: { kind: 'continue' } },
    ...(presets.length > 0 ? [separator('Presets')] : []),
    ...presets.map((preset): ActionItem => ({
      label: preset.label,
      description: preset.description,
      action: { kind: 'preset', preset },
    })),
    separator('Options'),
    ...options.map((option): ActionItem => ({
      label: option.label,
      description: valueText(option, currentValue(option, values)),
      detail: option.description,
      action: { kind: 'option', option },
    })),
    {
      label: 'Compression',
      description: compressionLabel(compression ?? 'none'),
      detail: 'The server compresses the whole file; its name gets the suffix',
      action: { kind: 'compression' },
    },
    separator(''),
    { label: '$(discard) Reset', description: 'To the defaults', action: { kind: 'reset' } },
  ];
}

/**
 * Shows the options of a format until the user goes on; not those that would not be followed. `back`: to the
 * list of formats. Undefined: turned away.
 */
export async function askOptions(
  start: FormatChosen,
  { server, own }: ChoicesFor,
): Promise<FormatChosen | 'back' | undefined> {
  const all = formatOptions(start.format, server);
  let chosen = start;
  let active = CONTINUE;
  for (;;) {
    const options = offeredOptions(all, own, chosen.values);
    const picked = await pick<ActionItem>({
      title: `${formatLabel(start.format)} Options`,
      placeholder: 'Choose what to change, or continue',
      items: itemsFor(chosen, options, choicesText(chosen, server)),
      active: (item) => item.label === active,
      back: true,
    });
    if (!picked) return undefined;
    if (picked.by === 'back') return 'back';
    const { action } = picked.item;
    if (!action) continue;
    if (action.kind === 'continue') return chosen;
    // A preset and the defaults are a whole answer: the next Enter goes on.
    const isWhole = action.kind === 'preset' || action.kind === 'reset';
    active = isWhole ? CONTINUE : picked.item.label;
    const next = await changed(chosen, action);
    chosen = { ...next, values: unsettledChoices(next.values, all, own) };
  }
}

async function changed(chosen: FormatChosen, action: Action): Promise<FormatChosen> {
  switch (action.kind) {
    case 'continue':
      return chosen;
    case 'reset':
      return { format: chosen.format, values: {}, compression: undefined };
    case 'preset':
      return { ...chosen, values: action.preset.choices, preset: action.preset.id };
    case 'compression':
      return { ...chosen, compression: await askCompression(chosen.compression) };
    case 'option': {
      const { option } = action;
      const value = await askValue(option, currentValue(option, chosen.values));
      return value === undefined
        ? chosen
        : { ...chosen, values: { ...chosen.values, [option.id]: value }, preset: undefined };
    }
  }
}

/** Undefined: as it was. */
async function askValue(option: FormatOption, now: OptionValue): Promise<OptionValue | undefined> {
  switch (option.kind) {
    case 'onOff':
      return now !== true;
    case 'choice':
      return askChoice(option, String(now));
    case 'text':
      return typed(option, String(now), (text) => text);
    case 'number':
      return typed(option, String(now), (text) => (/^\d+$/.test(text) ? Number(text) : text));
  }
}

const OTHER = 'Other…';

async function askChoice(
  option: FormatOption & { readonly kind: 'choice' },
  now: string,
): Promise<OptionValue | undefined> {
  const items = option.values.map(({ value, label }) => ({
    label,
    ...(value === now && { description: 'now' }),
    value,
  }));
  const other = option.other ? [{ label: OTHER, value: undefined }] : [];
  const picked = await pick<vscode.QuickPickItem & { readonly value: string | undefined }>({
    title: option.label,
    placeholder: option.description,
    items: [...items, ...other],
    active: ({ value }) => value === now,
    back: true,
  });
  if (!picked || picked.by === 'back') return undefined;
  return picked.item.value ?? typed(option, now, (text) => text);
}

/** Asks for a text; a wrong one is explained while it is typed. */
async function typed(
  option: FormatOption,
  now: string,
  read: (text: string) => OptionValue,
): Promise<OptionValue | undefined> {
  const text = await vscode.window.showInputBox({
    title: option.label,
    prompt: option.description,
    value: now,
    ignoreFocusOut: true,
    validateInput: (value) => optionProblem(option, read(value)),
  });
  return text === undefined ? undefined : read(text);
}

async function askCompression(
  now: SaveCompression | undefined,
): Promise<SaveCompression | undefined> {
  const rare = ['bz2', 'deflate', 'snappy'];
  const offered = CODINGS.filter(({ coding }) => !rare.includes(coding));
  const codings: SaveCompression[] = ['none', ...offered.map(({ coding }) => coding)];
  const picked = await pick({
    title: 'Compression',
    placeholder: 'The server compresses; its bytes go to the file as they are',
    items: codings.map((coding) => ({
      label: compressionLabel(coding),
      coding,
      ...(coding !== 'none' && {
        description: `.${offered.find((info) => info.coding === coding)?.suffixes[0] ?? ''}`,
      }),
    })),
    active: ({ coding }) => coding === (now ?? 'none'),
    back: true,
  });
  if (!picked || picked.by === 'back') return now;
  return picked.item.coding === 'none' ? undefined : picked.item.coding;
}
