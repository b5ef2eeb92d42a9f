import { RecordBatchReader, type Data } from 'apache-arrow';
import { columnReader } from '../../src/core/types/cellText.ts';
import type { ReadContext } from '../../src/core/types/format/valueReader.ts';
import { bytesOf } from '../../src/core/types/format/valueReader.ts';
import type { ResultColumn } from '../../src/shared/columns.ts';
import { columnInZone, localZone, withPlainTimes } from '../grid/timeDisplay.ts';
import { WindowError } from '../grid/decodeWindow.ts';

/** One cell with all that can be shown of it. */
export interface WholeCell {
  column: ResultColumn;
  /** Exactly what ClickHouse prints. */
  text: string;
  isNull: boolean;
  /** The text is not UTF-8: each bad byte is shown as `\xHH`. */
  isBroken: boolean;
  /** The bytes of a String or FixedString. */
  bytes: Uint8Array | undefined;
  /** A point in time in several zones; empty for other values. */
  times: { title: string; text: string }[];
}

/**
 * The cell in a window of one row and one column.
 * @param context `timeZone` is the server's
 * @throws WindowError when the window holds no row, UnknownPair when this version cannot read the column
 */
export function readCell(ipc: Uint8Array, column: ResultColumn, context: ReadContext): WholeCell {
  const aligned = ipc.byteOffset % 8 === 0 ? ipc : ipc.slice();
  for (const batch of RecordBatchReader.from(aligned)) {
    const data: Data | undefined = (batch.data.children as readonly (Data | undefined)[])[0];
    if (!data || batch.numRows === 0) continue;
    const { text, isNull, kind } = columnReader(column, data, context)(0);
    return {
      column,
      text,
      isNull,
      isBroken: kind === 'bytes',
      bytes: isNull || !isBytes(column) ? undefined : bytesOf(data)?.(0),
      times: isNull ? [] : timesOf(column, data, context),
    };
  }
  throw new WindowError('The window has no row.');
}

function isBytes({ type, encoding }: ResultColumn): boolean {
  return encoding === 'arrow' && /^(LowCardinality\(|Nullable\()*(String|FixedString)\b/.test(type);
}

function isTime(type: string): boolean {
  return /^(LowCardinality\(|Nullable\()*DateTime/.test(type);
}

function timesOf(column: ResultColumn, data: Data, context: ReadContext): WholeCell['times'] {
  if (!isTime(column.type) || column.encoding !== 'arrow') return [];
  const named = /'([^']+)'/.exec(column.type)?.[1];
  const inZone = (zone: string): string =>
    columnReader(columnInZone(column, zone), data, withPlainTimes(context))(0).text;
  const zones = new Map<string, string[]>();
  const add = (zone: string, title: string): void => {
    zones.set(zone, [...(zones.get(zone) ?? []), title]);
  };
  add(named ?? context.timeZone, 'column');
  add(context.timeZone, 'server');
  add('UTC', 'UTC');
  add(localZone(), 'local');
  const times = [...zones].map(([zone, titles]) => {
    const others = titles.filter((title) => title !== zone).join(', ');
    return {
      title: others === '' ? zone : `${zone} (${others})`,
      text: inZone(zone),
    };
  });
  times.push({ title: 'Seconds since 1970 (UTC)', text: unixSeconds(inZone('UTC')) });
  return times;
}

/** @param utc `YYYY-MM-DD hh:mm:ss[.fraction]` */
function unixSeconds(utc: string): string {
  const [, date = '', time = '', fraction = ''] = /^(\S+) (\d+:\d+:\d+)(\.\d+)?$/.exec(utc) ?? [];
  const seconds = Date.parse(`${date}T${time}Z`) / 1000;
  if (!Number.isFinite(seconds)) return '';
  const digits = fraction.slice(1);
  if (seconds >= 0 || digits === '' || /^0+$/.test(digits)) return `${seconds}${fraction}`;
  // Before 1970 the fraction counts forward from a second that counts backward.
  const scale = 10n ** BigInt(digits.length);
  const total = BigInt(seconds) * scale + BigInt(digits);
  const size = String(-total).padStart(digits.length + 1, '0');
  return `-${size.slice(0, -digits.length)}.${size.slice(-digits.length)}`;
}
