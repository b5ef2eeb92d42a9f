import {
  type FormatPreset,
  formatOptions,
  formatOutput,
  formatPresets,
  validChoices,
} from '../../../core/transfer/formatOptions.ts';
import { unsettledChoices } from '../../../core/transfer/options/ownOutput.ts';
import type { ChoicesFor, FormatChosen } from './lastChoices.ts';

/** The preset that a choice is, if it is one. */
export function presetOf({
  format,
  values,
  preset,
}: Pick<FormatChosen, 'format' | 'values' | 'preset'>): FormatPreset | undefined {
  return formatPresets(format).find(({ id, choices }) => {
    if (preset !== undefined) return id === preset;
    const ids = new Set([...Object.keys(choices), ...Object.keys(values)]);
    return [...ids].every((one) => choices[one] === values[one]);
  });
}

/** Presets that stay in the format, and so can stand beside it. */
export function entryPresets(format: string): FormatPreset[] {
  return formatPresets(format).filter(
    ({ choices }) => formatOutput(format, choices).format === format,
  );
}

/** A preset, without what does not hold there. */
export function presetChosen(
  format: string,
  { id, choices }: FormatPreset,
  { server, own }: ChoicesFor,
): FormatChosen {
  const valid = validChoices(format, choices, server);
  const values = unsettledChoices(valid, formatOptions(format), own);
  return { format, values, preset: id, compression: undefined };
}
