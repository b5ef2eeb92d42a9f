import type { TextSetting } from '../../../shared/textSetting.ts';
import type { TypeNode } from '../typeNode.ts';

type Affects = (type: TypeNode) => boolean;

const named =
  (pattern: RegExp): Affects =>
  ({ name }) =>
    pattern.test(name);

/**
 * Settings of the server that change the text of values: the default, and the types whose text under another value
 * only the server itself can write.
 */
const SETTINGS: Readonly<Record<string, { value: string; onlyServer: Affects }>> = {
  date_time_output_format: { value: 'simple', onlyServer: named(/^JSON$/) },
  bool_true_representation: { value: 'true', onlyServer: named(/^$/) },
  bool_false_representation: { value: 'false', onlyServer: named(/^$/) },
  output_format_decimal_trailing_zeros: { value: '0', onlyServer: named(/^JSON$/) },
  date_time_64_output_format_cut_trailing_zeros_align_to_groups_of_thousands: {
    value: '0',
    onlyServer: named(/^(DateTime64|Time64|JSON)$/),
  },
  interval_output_format: { value: 'numeric', onlyServer: named(/^(Interval|JSON$)/) },
  output_format_always_write_decimal_point_in_float_and_decimal: {
    value: '0',
    onlyServer: named(/^(B?Float\d+|Decimal|JSON)$/),
  },
  output_format_float_precision: { value: '0', onlyServer: named(/^(B?Float\d+|JSON)$/) },
  output_format_trim_fixed_string: { value: '0', onlyServer: named(/^FixedString$/) },
  output_format_values_escape_quote_with_quote: {
    value: '0',
    onlyServer: named(/^(Array|Tuple|Map|Nested)$/),
  },
  output_format_json_quote_64bit_integers: { value: '0', onlyServer: named(/^JSON$/) },
  output_format_json_quote_64bit_floats: { value: '0', onlyServer: named(/^JSON$/) },
  output_format_json_quote_decimals: { value: '0', onlyServer: named(/^JSON$/) },
  output_format_json_quote_denormals: { value: '0', onlyServer: named(/^JSON$/) },
  output_format_json_escape_forward_slashes: { value: '1', onlyServer: named(/^JSON$/) },
  output_format_json_named_tuples_as_objects: { value: '1', onlyServer: named(/^JSON$/) },
  output_format_json_skip_null_value_in_named_tuples: { value: '0', onlyServer: named(/^JSON$/) },
  output_format_json_map_as_array_of_tuples: { value: '0', onlyServer: named(/^JSON$/) },
};

export const TEXT_SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** Those that are not at ClickHouse's own default. */
export function changedTextSettings(settings: readonly TextSetting[]): TextSetting[] {
  return settings.filter(({ name, value }) => {
    const known = SETTINGS[name];
    return known !== undefined && known.value !== value;
  });
}

/** Whether the text of such values can be made here. False: they have to come as the server's own text. */
export function canWriteText(type: TypeNode, changed: readonly TextSetting[]): boolean {
  return !changed.some(({ name }) => SETTINGS[name]?.onlyServer(type) === true);
}

/** How values are written where the settings leave a choice. */
export interface TextRules {
  dateTimes: 'simple' | 'iso' | 'unix_timestamp';
  boolTrue: string;
  boolFalse: string;
  /** A Decimal keeps the zeros at the end of its fraction. */
  trailingZeros: boolean;
}

const DEFAULT: TextRules = {
  dateTimes: 'simple',
  boolTrue: 'true',
  boolFalse: 'false',
  trailingZeros: false,
};

export function textRules(settings: readonly TextSetting[] | undefined): TextRules {
  if (settings === undefined || settings.length === 0) return DEFAULT;
  const values = new Map(settings.map(({ name, value }) => [name, value]));
  const dateTimes = values.get('date_time_output_format');
  return {
    dateTimes: dateTimes === 'iso' || dateTimes === 'unix_timestamp' ? dateTimes : 'simple',
    boolTrue: values.get('bool_true_representation') ?? DEFAULT.boolTrue,
    boolFalse: values.get('bool_false_representation') ?? DEFAULT.boolFalse,
    trailingZeros: values.get('output_format_decimal_trailing_zeros') === '1',
  };
}
