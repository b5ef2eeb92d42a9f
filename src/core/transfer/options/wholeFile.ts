import type { Settings } from '../../client/surface.ts';

/** The largest UInt64. 0 is no way to say "no limit": servers since 25.1 then write no row at all. */
const NO_LIMIT = '18446744073709551615';

const LIMITS: Settings = {
  output_format_pretty_max_rows: NO_LIMIT,
  output_format_pretty_max_value_width: NO_LIMIT,
  output_format_pretty_max_column_name_width_cut_to: 0,
};
/** Since 25.1; servers refuse settings that they do not know. */
const YOUNG = new Set(['output_format_pretty_max_column_name_width_cut_to']);

/**
 * The settings by which this format limits what it writes, with the values that lift the limits: Pretty
 * formats leave rows out of the middle (1,000 are shown) and cut values and names, Vertical stops after
 * 1,000 rows. Empty for formats without such limits.
 */
export function limitSettings(format: string): Settings {
  return /^(?:Pretty(?!JSON|NDJSON)|Vertical)/i.test(format) ? LIMITS : {};
}

/**
 * The settings without which a file in this format could lack data and not look like it.
 * @param known the server's settings; what only younger servers have is left away without it.
 */
export function wholeFileSettings(format: string, known?: ReadonlyMap<string, string>): Settings {
  return Object.fromEntries(
    Object.entries(limitSettings(format)).filter(([name]) => known?.has(name) ?? !YOUNG.has(name)),
  );
}
