/** The offsets of one time zone, as the server that sent a result knows them. */
export interface ZoneTable {
  /** As the server spells it, for example `Europe/Amsterdam`. */
  name: string;
  /** Seconds since 1970, ascending: from `starts[i]` on `offsets[i]` holds. The first offset also holds before. */
  starts: number[];
  /** Seconds that local time is ahead of UTC. */
  offsets: number[];
}
