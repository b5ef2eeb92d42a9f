import type { ZoneTable } from '../../../shared/zoneTable.ts';
import { FIRST_KNOWN, LAST_KNOWN } from '../../types/format/tableZones.ts';
import { unlessAborted } from '../../transfer/cancelled.ts';
import { quoteLiteral } from '../../sql/quote.ts';
import type { QuerySource } from './querySource.ts';
import { isRefused } from './refused.ts';

const DAY = 86_400;
const IS_UTC: ReadonlySet<string> = new Set(['UTC', 'Etc/UTC']);

/**
 * The offsets of time zones as one server knows them. Its time zone data differs from JavaScript's in some zones, and
 * before 1970 its arithmetic rounds in ways of its own, so that only its own texts tell. Asked once for each zone.
 */
export class ServerZones {
  readonly #source: QuerySource;
  readonly #tables = new Map<string, Promise<ZoneTable | undefined>>();

  /** @param source a client, not a session: the question must not wait for a tab's statement */
  constructor(source: QuerySource) {
    this.#source = source;
  }

  /** The tables of these zones; a zone is left out when the server would not tell. */
  async tables(names: Iterable<string>, signal?: AbortSignal): Promise<ZoneTable[]> {
    const wanted = [...new Set(names)].sort();
    const asked = Promise.all(wanted.map((name) => this.#table(name)));
    const tables = await unlessAborted(asked, signal);
    return tables.filter((table) => table !== undefined);
  }

  #table(name: string): Promise<ZoneTable | undefined> {
    const known = this.#tables.get(name) ?? this.#ask(name);
    this.#tables.set(name, known);
    return known;
  }

  async #ask(name: string): Promise<ZoneTable | undefined> {
    if (IS_UTC.has(name)) return { name, starts: [0], offsets: [0] };
    try {
      const reply = await this.#source.rawQuery(transitionsQuery(name), { format: 'TSV' });
      const rows = reply.text().trimEnd().split('\n');
      const pairs = rows.map((row) => row.split('\t').map(Number));
      return {
        name,
        starts: pairs.map(([start = 0]) => start),
        offsets: pairs.map(([, offset = 0]) => offset),
      };
    } catch (error) {
      // Shown by this machine's own data then; a network failure says nothing, so the next result asks again.
      if (!isRefused(error)) this.#tables.delete(name);
      return undefined;
    }
  }
}

/**
 * Each second from which on a zone has another offset, and that offset; the first row is the start of time.
 * An offset is what the server prints, read as UTC, minus the time itself: `timeZoneOffset` is a day wrong in zones
 * that skipped one. Days are compared first, then the hours of days that differ, their minutes and seconds.
 */
function transitionsQuery(zone: string): string {
  const offset = (time: string): string =>
    `toUnixTimestamp64Second(toDateTime64(toString(fromUnixTimestamp64Second(${time}, ${quoteLiteral(zone)})), 0, 'UTC')) - (${time})`;
  const finer = (coarse: string, width: number, step: number): string =>
    `SELECT t AS at
     FROM (SELECT arrayJoin(range(at - ${width - step}, at + ${step}, ${step})) AS t FROM (${coarse}))
     WHERE (${offset('t')}) != (${offset(`t - ${step}`)})`;
  const days = `SELECT arrayJoin(arrayFilter((t, o, before) -> o != before, times, offsets,
      arrayPushFront(arrayPopBack(offsets), offsets[1]))) AS at
    FROM (SELECT arrayMap(i -> toInt64(${FIRST_KNOWN}) + i * ${DAY}, range(${(LAST_KNOWN - FIRST_KNOWN) / DAY})) AS times,
      arrayMap(t -> ${offset('t')}, times) AS offsets)`;
  const seconds = finer(finer(finer(days, DAY, 3_600), 3_600, 60), 60, 1);
  return `SELECT toInt64(${FIRST_KNOWN}) AS at, ${offset('at')} AS seconds
    UNION ALL SELECT at, ${offset('at')} FROM (${seconds}) ORDER BY at`;
}
