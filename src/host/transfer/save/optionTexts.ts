import type { ContentCoding } from '../../../core/client/surface.ts';
import { type ServerSettings, formatOptions } from '../../../core/transfer/formatOptions.ts';
import type { FormatOption, OptionValue } from '../../../core/transfer/options/formatOption.ts';
import { countOf, formatCount } from '../../../shared/humanNumbers.ts';
import type { FormatChosen } from './lastChoices.ts';
import { presetOf } from './presets.ts';
import type { SaveCompression } from './saveArguments.ts';

const CODING_LABELS: Readonly<Record<ContentCoding, string>> = {
  gzip: 'gzip',
  zstd: 'Zstandard',
  br: 'Brotli',
  xz: 'xz',
  lz4: 'LZ4',
  bz2: 'bzip2',
  snappy: 'Snappy',
  deflate: 'Deflate',
};

export function compressionLabel(compression: SaveCompression): string {
  return compression === 'none' ? 'None' : CODING_LABELS[compression];
}

/** A value as it stands in a list, for example `Semicolon`, `On`, `(empty)`. */
export function valueText(option: FormatOption, value: OptionValue): string {
  if (option.kind === 'onOff') return value === true ? 'On' : 'Off';
  if (option.kind === 'choice') {
    const known = option.values.find((one) => one.value === value);
    if (known) return known.label;
  }
  if (typeof value === 'number') return formatCount(value);
  return value === '' ? '(empty)' : String(value);
}

/** Keep their capital inside a sentence. */
const NAMES = /^(Windows|LowCardinality|Excel|Zstandard|Brotli|Snappy|UUID|[A-Z]{2})/;

function lowerFirst(text: string): string {
  return !NAMES.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function changeText(option: FormatOption, value: OptionValue): string {
  const label = lowerFirst(option.label);
  if (option.kind === 'onOff') return value === true ? label : `no ${label}`;
  const text = valueText(option, value);
  if (text === 'None') return `no ${label}`;
  const isNamed = option.kind === 'choice' && option.values.some((one) => one.value === value);
  return isNamed ? lowerFirst(text) : `${label} ${text}`;
}

/** What the program that a preset is for does not show of so many rows; undefined if it shows all. */
export function presetNote(chosen: FormatChosen, rows: number | undefined): string | undefined {
  const preset = presetOf(chosen);
  // The first line has the names.
  if (!preset || rows === undefined || rows < preset.mostLines) return undefined;
  return `Excel opens only the first ${countOf(preset.mostLines, 'line')} of it`;
}

/**
 * What differs from the defaults (the server's, if known), in a few words: `semicolon, Windows line ends, gzip`. Empty when nothing
 * does. A preset is told by its name.
 */
export function choicesText(chosen: FormatChosen, server: ServerSettings | undefined): string {
  const { format, values, compression } = chosen;
  const coding = compression === undefined || compression === 'none' ? [] : [compression];
  const preset = presetOf(chosen);
  const changes = preset
    ? [preset.label]
    : formatOptions(format, server).flatMap((option) => {
        const value = values[option.id];
        return value === undefined || value === option.default ? [] : [changeText(option, value)];
      });
  return [...changes, ...coding.map(compressionLabel)].join(', ');
}
