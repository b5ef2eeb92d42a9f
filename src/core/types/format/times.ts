const DAY = 86_400;
const TWO = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** Whole units per second for Arrow's TimeUnit 0 to 3 (s, ms, us, ns). */
export const UNITS_PER_SECOND: readonly bigint[] = [1n, 1_000n, 1_000_000n, 1_000_000_000n];

/** The civil date of a day number (0 is 1970-01-01), years 0000 to 9999. */
export function dateText(days: number): string {
  // Days counted from 0000-03-01 in eras of 400 years, so that the leap day ends the year.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${TWO(month)}-${TWO(day)}`;
}

/** The range of years that ClickHouse prints, as local time; what lies outside prints as its first or last second. */
const FIRST_SECOND = -62_167_219_200;
const LAST_SECOND = 253_402_300_799;

/** Date and time of day of seconds that were already shifted to the zone. */
export function localDateTimeText(localSeconds: number): string {
  const seconds = Math.min(Math.max(localSeconds, FIRST_SECOND), LAST_SECOND);
  const days = Math.floor(seconds / DAY);
  return `${dateText(days)} ${clock(seconds - days * DAY)}`;
}

/** The same of seconds since 1970 as ISO 8601, in UTC. */
export function isoText(seconds: number, fraction: string): string {
  return `${localDateTimeText(seconds).replace(' ', 'T')}${fraction}Z`;
}

/** A count of sub-second units since 1970 as seconds, with exactly `digits` decimals. */
export function timestampText(value: bigint, perSecond: bigint, digits: number): string {
  const { seconds, fraction } = splitSeconds(value < 0n ? -value : value, perSecond, digits);
  return `${value < 0n ? '-' : ''}${seconds}${fraction}`;
}

function clock(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  return `${TWO(hours)}:${TWO(Math.floor(seconds / 60) % 60)}:${TWO(seconds % 60)}`;
}

/** Splits a count of sub-second units into whole seconds (rounded down) and exactly `digits` decimals. */
export function splitSeconds(
  value: bigint,
  perSecond: bigint,
  digits: number,
): { seconds: number; fraction: string } {
  let rest = value % perSecond;
  if (rest < 0n) rest += perSecond;
  const decimals = perSecond.toString().length - 1;
  const fraction = rest.toString().padStart(decimals, '0').slice(0, digits);
  return {
    seconds: Number((value - rest) / perSecond),
    fraction: digits === 0 ? '' : `.${fraction.padEnd(digits, '0')}`,
  };
}

/** A ClickHouse Time: a signed duration with hours up to 999. */
export function timeText(value: bigint, perSecond: bigint, digits: number): string {
  const { seconds, fraction } = splitSeconds(value < 0n ? -value : value, perSecond, digits);
  return `${value < 0n ? '-' : ''}${clock(seconds)}${fraction}`;
}
