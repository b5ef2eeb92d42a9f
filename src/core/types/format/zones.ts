/** Offsets of local time from UTC, in seconds (east is positive), down to the second for historical times. */
export interface ZoneOffsets {
  /** @throws RangeError for a zone that is not known */
  offsetAt(timeZone: string, epochSeconds: number): number;
}

const BUCKET = 21_600;

/**
 * Offsets from the `Intl` data of this JavaScript engine. It agrees with the server for most zones; where the
 * two time zone databases differ, only the server's own transitions are exact.
 */
class IntlZoneOffsets implements ZoneOffsets {
  readonly #formats = new Map<string, Intl.DateTimeFormat>();
  readonly #buckets = new Map<string, Map<number, number>>();

  offsetAt(timeZone: string, epochSeconds: number): number {
    if (timeZone === 'UTC' || timeZone === 'Etc/UTC') return 0;
    const bucket = Math.floor(epochSeconds / BUCKET);
    let known = this.#buckets.get(timeZone);
    if (!known) this.#buckets.set(timeZone, (known = new Map<number, number>()));
    const constant = known.get(bucket);
    if (constant !== undefined) return constant;
    const first = this.#ask(timeZone, bucket * BUCKET);
    const last = this.#ask(timeZone, (bucket + 1) * BUCKET - 1);
    if (first !== last) return this.#ask(timeZone, epochSeconds);
    // Scrolling through years of data must not grow this for ever.
    if (known.size > 10_000) known.clear();
    known.set(bucket, first);
    return first;
  }

  #ask(timeZone: string, epochSeconds: number): number {
    const fields = new Map<string, string>();
    for (const part of this.#format(timeZone).formatToParts(epochSeconds * 1000)) {
      fields.set(part.type, part.value);
    }
    const field = (name: string): number => Number(fields.get(name));
    const year = fields.get('era') === 'BC' ? 1 - field('year') : field('year');
    const local = new Date(0);
    local.setUTCFullYear(year, field('month') - 1, field('day'));
    local.setUTCHours(field('hour'), field('minute'), field('second'));
    return local.getTime() / 1000 - epochSeconds;
  }

  #format(timeZone: string): Intl.DateTimeFormat {
    let format = this.#formats.get(timeZone);
    if (!format) {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      this.#formats.set(timeZone, format);
    }
    return format;
  }
}

export const intlZones: ZoneOffsets = new IntlZoneOffsets();
