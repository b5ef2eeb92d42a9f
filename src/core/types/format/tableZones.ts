import type { ZoneTable } from '../../../shared/zoneTable.ts';
import { intlZones, type ZoneOffsets } from './zones.ts';

/**
 * The times that tables tell of, at midnight UTC: from 1800, when no zone had changed yet, to 2500, when all rules
 * that name a year are over.
 */
export const FIRST_KNOWN = -5_364_662_400;
export const LAST_KNOWN = 16_725_225_600;

/** After it a zone repeats what it did 400 years before, when the calendar was the same. */
const CYCLE = 146_097 * 86_400;

class TableZones implements ZoneOffsets {
  readonly #tables: ReadonlyMap<string, ZoneTable>;

  constructor(tables: readonly ZoneTable[]) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
  }

  offsetAt(timeZone: string, epochSeconds: number): number {
    const table = this.#tables.get(timeZone);
    if (!table) return intlZones.offsetAt(timeZone, epochSeconds);
    const { starts, offsets } = table;
    let time = epochSeconds;
    if (time >= LAST_KNOWN) time -= CYCLE * (Math.floor((time - LAST_KNOWN) / CYCLE) + 1);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= time) low = middle;
      else high = middle;
    }
    return offsets[low] ?? 0;
  }
}

/** The server's offsets where there is a table of the zone, else those of this JavaScript engine. */
export function zoneOffsets(tables: readonly ZoneTable[] | undefined): ZoneOffsets {
  return tables === undefined || tables.length === 0 ? intlZones : new TableZones(tables);
}
