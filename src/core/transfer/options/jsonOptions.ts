import { type FormatOption, onOff } from './formatOption.ts';
import { VALUES } from './textFormatOptions.ts';

/** For all JSON formats, also those with every value as text. */
const SLASHES = onOff(
  'escapeSlashes',
  'output_format_json_escape_forward_slashes',
  { label: 'Escape slashes', description: 'Writes \\/ for /' },
  true,
);

/** For formats that write numbers as numbers. */
const TYPED: readonly FormatOption[] = [
  onOff(
    'quoteIntegers',
    'output_format_json_quote_64bit_integers',
    {
      label: 'Quote 64-bit integers',
      description: 'JavaScript and others round larger numbers than 2^53 when they are not quoted',
    },
    false,
  ),
  onOff(
    'quoteFloats',
    'output_format_json_quote_64bit_floats',
    { label: 'Quote 64-bit floats', description: 'Writes Float64 values as text' },
    false,
  ),
  onOff(
    'quoteDecimals',
    'output_format_json_quote_decimals',
    {
      label: 'Quote decimals',
      description: 'Most readers turn decimals without quotes into floats',
    },
    false,
  ),
  onOff(
    'denormals',
    'output_format_json_quote_denormals',
    { label: 'Keep nan and inf', description: 'Writes "nan" and "inf" as text, not as null' },
    false,
  ),
  onOff(
    'tuplesAsObjects',
    'output_format_json_named_tuples_as_objects',
    { label: 'Named tuples as objects', description: 'Off: as arrays' },
    true,
  ),
];

const ARRAY_OF_ROWS = onOff(
  'arrayOfRows',
  'output_format_json_array_of_rows',
  { label: 'One array', description: 'Puts the rows into one JSON array' },
  false,
);

export const STATISTICS = onOff(
  'statistics',
  'output_format_write_statistics',
  { label: 'Statistics', description: 'Ends with the rows and bytes read, and the time' },
  true,
);

const ROW_ARRAYS = new Set(['JSONEachRow', 'PrettyJSONEachRow', 'JSONStringsEachRow']);
const WITH_STATISTICS = new Set([
  'JSON',
  'JSONStrings',
  'JSONCompact',
  'JSONCompactStrings',
  'JSONColumnsWithMetadata',
]);

/** The options of a format whose name says JSON. */
export function jsonOptions(format: string): FormatOption[] {
  return [
    ...(ROW_ARRAYS.has(format) ? [ARRAY_OF_ROWS] : []),
    ...(format.includes('Strings') ? [] : TYPED),
    SLASHES,
    ...(WITH_STATISTICS.has(format) ? [STATISTICS] : []),
    ...VALUES,
  ];
}
