import { dateText, localDateTimeText } from '../../src/core/types/format/times.ts';

/** A mark on a time axis. */
export interface TimeTick {
  /** Seconds since 1970. */
  at: number;
  /** May have two lines: the time of day, and the date where it changes. */
  text: string;
}

const DAY = 86_400;
/** Steps in seconds that days are divided into. */
const WITHIN_DAY = [
  ...[1e-6, 1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800],
  ...[3_600, 7_200, 10_800, 21_600, 43_200],
];
const DAYS = [1, 2, 7, 14];
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000];
const MONTH = 30.44 * DAY;

/**
 * Marks for the times from `min` to `max`, at round times of the zone, at most `most`.
 * @param offsetAt seconds that the zone is east of UTC at a time
 */
export function timeTicks(
  min: number,
  max: number,
  most: number,
  offsetAt: (epochSeconds: number) => number,
): TimeTick[] {
  const wanted = (max - min) / Math.max(1, most);
  const within = WITHIN_DAY.find((step) => step >= wanted);
  if (within !== undefined) return withinDay(regular(min, max, within, offsetAt), within);
  const days = DAYS.find((step) => step * DAY >= wanted);
  if (days !== undefined) {
    return regular(min, max, days * DAY, offsetAt).map(({ at, local }) => ({
      at,
      text: dateText(Math.round(local / DAY)),
    }));
  }
  const months = MONTHS.find((step) => step * MONTH >= wanted) ?? MONTHS.at(-1) ?? 12;
  return calendar(min, max, months, offsetAt);
}

interface LocalTick {
  at: number;
  /** The clock and calendar of the zone, as seconds. */
  local: number;
}

function toEpoch(local: number, offsetAt: (epochSeconds: number) => number): number {
  const guess = local - offsetAt(local);
  return local - offsetAt(guess);
}

/** Equal steps of local time; where the clock is put back or forward a step is longer or shorter. */
function regular(
  min: number,
  max: number,
  step: number,
  offsetAt: (epochSeconds: number) => number,
): LocalTick[] {
  const ticks: LocalTick[] = [];
  const first = Math.ceil((min + offsetAt(min)) / step);
  const last = Math.floor((max + offsetAt(max)) / step);
  for (let i = first; i <= last; i++) {
    const local = i * step;
    const at = toEpoch(local, offsetAt);
    if (at >= min && at <= max) ticks.push({ at, local });
  }
  return ticks;
}

function withinDay(ticks: readonly LocalTick[], step: number): TimeTick[] {
  const digits = step >= 1 ? 0 : step >= 1e-3 ? 3 : 6;
  let day: number | undefined;
  return ticks.map(({ at, local }) => {
    // A sum of fractions lies just below the whole second.
    const rounded = Math.round(local * 1e6) / 1e6;
    const [date = '', time = ''] = localDateTimeText(Math.floor(rounded)).split(' ');
    const fraction = (rounded - Math.floor(rounded)).toFixed(digits).slice(1);
    const clock = step >= 60 ? time.slice(0, 5) : `${time}${fraction}`;
    const isNewDay = Math.floor(rounded / DAY) !== day;
    day = Math.floor(rounded / DAY);
    return { at, text: isNewDay ? `${clock}\n${date}` : clock };
  });
}

function calendar(
  min: number,
  max: number,
  months: number,
  offsetAt: (epochSeconds: number) => number,
): TimeTick[] {
  const ticks: TimeTick[] = [];
  const start = new Date((min + offsetAt(min)) * 1000);
  const first = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / months) * months;
  for (let month = first; ; month += months) {
    const date = new Date(0);
    date.setUTCFullYear(Math.floor(month / 12), month % 12, 1);
    const local = date.getTime() / 1000;
    const at = toEpoch(local, offsetAt);
    if (at > max) return ticks;
    const text = dateText(Math.round(local / DAY));
    if (at >= min)
      ticks.push({ at, text: months % 12 === 0 ? text.slice(0, 4) : text.slice(0, 7) });
  }
}
