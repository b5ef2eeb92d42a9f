import type { ColumnSums, SumBlock, TallyKind } from '../../../../shared/cellSums.ts';
import { UsageError } from '../../../client/errors.ts';
import type { Client, RequestOptions } from '../../../client/surface.ts';
import { quoteLiteral } from '../../../sql/quote.ts';
import { INTEGER } from '../../../types/comparable.ts';
import type { TypeNode } from '../../../types/typeNode.ts';
import type { SpoolTable } from '../spoolTable.ts';
import type { TableColumn } from '../tableColumn.ts';
import { typeOf } from './condition.ts';

/** The SQL of one column's sums, each a String or NULL, and what is made of the reply. */
interface ColumnQuestion {
  readonly kind: TallyKind;
  readonly parts: readonly string[];
  readonly read: (texts: readonly (string | null)[]) => Pick<ColumnSums, 'sum' | 'min' | 'max'>;
}

/** ClickHouse refuses statements over 262,144 bytes or 50,000 elements; a column takes up to 400 and 80. */
const MOST_COLUMNS = 100;

/**
 * Adds up cells of a result, column by column in the order of the blocks. Whole numbers and decimals are exact,
 * whatever their size.
 * @param zone times are told in this zone; undefined: in that of their column
 * @throws UsageError for a column that there is not; as queries of the client do
 */
export async function cellSums(
  table: SpoolTable,
  { blocks, zone }: { blocks: readonly SumBlock[]; zone?: string },
  engine: Client,
  request: Pick<RequestOptions, 'signal' | 'onProgress'>,
): Promise<ColumnSums[]> {
  const settings = {
    ...table.settings,
    ...(zone !== undefined && { date_time_output_format: 'simple' }),
  };
  const sums: ColumnSums[] = [];
  for (const { rows, columns } of blocks.flatMap(narrowBlocks)) {
    const questions = columns.map(({ column, kind }) => {
      const found = table.columns[column];
      if (!found) throw new UsageError('This result has no such column.');
      return { id: found.id, ...questionOf(found, kind, zone) };
    });
    const list = questions.flatMap(({ id, parts }) => [
      'toString(count())',
      `toString(countIf(isNull(${id})))`,
      ...parts,
    ]);
    const sql = `SELECT ${list.join(', ')} FROM ${table.from}${whereOf(table, rows)}`;
    const reply = await engine.rawQuery(sql, { ...request, settings, format: 'JSONCompact' });
    const { data } = JSON.parse(reply.text()) as { data: (string | null)[][] };
    const told = data[0] ?? [];
    let at = 0;
    for (const { kind, parts, read } of questions) {
      const [cells, nulls, ...texts] = told.slice(at, at + parts.length + 2);
      at += parts.length + 2;
      sums.push({ kind, cells: Number(cells), nulls: Number(nulls), ...read(texts) });
    }
  }
  return sums;
}

function narrowBlocks({ rows, columns }: SumBlock): SumBlock[] {
  const blocks: SumBlock[] = [];
  for (let at = 0; at < columns.length; at += MOST_COLUMNS) {
    blocks.push({ rows, columns: columns.slice(at, at + MOST_COLUMNS) });
  }
  return blocks;
}

function whereOf({ rows: all, rowNumber }: SpoolTable, rows: SumBlock['rows']): string {
  const [only] = rows;
  if (rows.length === 1 && only?.first === 0 && only.last >= all - 1) return '';
  return ` WHERE ${rows.map(({ first, last }) => `${rowNumber} BETWEEN ${first} AND ${last}`).join(' OR ')}`;
}

function questionOf(
  column: TableColumn,
  kind: TallyKind,
  zone: string | undefined,
): ColumnQuestion {
  const { value, id } = column;
  const isServerText = column.column.encoding === 'text';
  const type = typeOf(column);
  switch (kind) {
    case 'exact':
      // Numbers in a form that nothing reads again (as some intervals) are only counted.
      return isServerText && value === id ? COUNTED : exactQuestion(value, type);
    case 'float':
      return floatQuestion(value, type);
    case 'ordered': {
      const isTime = type.name === 'DateTime' || type.name === 'DateTime64';
      const moved = (time: string): string =>
        zone !== undefined && isTime ? `toTimeZone(${time}, ${quoteLiteral(zone)})` : time;
      // The server's own texts have the order of the values.
      const shown = (of: string): string =>
        isServerText ? `${of}(${id})` : textOf(moved(`${of}(${value})`));
      return { kind, parts: [shown('min'), shown('max')], read: limits };
    }
    case 'counted':
      return COUNTED;
  }
}

const COUNTED: ColumnQuestion = { kind: 'counted', parts: [], read: () => ({}) };

/** The text that a cell with this value shows; NULL for a NULL. */
const textOf = (value: string): string =>
  `if(isNull(${value}), NULL, formatRowNoNewline('TSVRaw', ${value}))`;

function limits([min, max]: readonly (string | null | undefined)[]): {
  min?: string;
  max?: string;
} {
  return isText(min) && isText(max) ? { min, max } : {};
}

const isText = (told: string | null | undefined): told is string => typeof told === 'string';

const LOW_BITS = 128n;
const LOW_MASK = (1n << LOW_BITS) - 1n;

/** Sums of whole numbers: decimals as their digits without the point. */
function exactQuestion(value: string, type: TypeNode): ColumnQuestion {
  const { bits, digits } = wholeNumbers(value, type);
  const scale = type.name === 'Decimal' ? type.scale : 0;
  const minMax = [textOf(`min(${value})`), textOf(`max(${value})`)];
  if (bits <= LOW_BITS) {
    const wide = bits < LOW_BITS ? 'toInt128' : 'toInt256';
    return {
      kind: 'exact',
      parts: [`toString(sum(${wide}(${digits})))`, ...minMax],
      read: ([sum, ...rest]) => ({
        ...(isText(sum) && { sum: withPoint(BigInt(sum), scale) }),
        ...limits(rest),
      }),
    };
  }
  // There is no wider type than these: halves that cannot overflow, and what the sign takes off.
  const plain = `reinterpret(${digits}, 'UInt256')`;
  const low = `sum(bitAnd(${plain}, toUInt256('${LOW_MASK}')))`;
  const high = `sum(bitShiftRight(${plain}, ${LOW_BITS}))`;
  const isUnsigned = type.name === 'UInt256';
  return {
    kind: 'exact',
    parts: [
      `toString(${low})`,
      `toString(${high})`,
      isUnsigned ? "'0'" : `toString(countIf(ifNull(${digits} < 0, 0)))`,
      ...minMax,
    ],
    read: ([lows, highs, negatives, ...rest]) => {
      if (!isText(lows) || !isText(highs)) return limits(rest);
      const sum = (BigInt(highs) << LOW_BITS) + BigInt(lows) - (BigInt(negatives ?? 0) << 256n);
      return { sum: withPoint(sum, scale), ...limits(rest) };
    },
  };
}

/** The numbers as integers, and how many bits these have. */
function wholeNumbers(value: string, type: TypeNode): { bits: bigint; digits: string } {
  if (type.name === 'Decimal') {
    const { precision } = type;
    const bits = precision <= 9 ? 32n : precision <= 18 ? 64n : precision <= 38 ? 128n : 256n;
    return { bits, digits: `reinterpret(${value}, 'Int${bits}')` };
  }
  const bits = INTEGER.exec(type.name)?.[2];
  // Intervals count in whole numbers too.
  return bits === undefined
    ? { bits: 64n, digits: `toInt64(${value})` }
    : { bits: BigInt(bits), digits: value };
}

function withPoint(digits: bigint, scale: number): string {
  if (scale === 0) return String(digits);
  const [sign, size] = digits < 0n ? ['-', -digits] : ['', digits];
  const padded = String(size).padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
}

/** Each number as the text of its cell says it: a Float32 of 0.1 is 0.1 and not 0.10000000149. */
function floatQuestion(value: string, type: TypeNode): ColumnQuestion {
  const number = type.name === 'Float64' ? value : `toFloat64(toString(${value}))`;
  const is = (condition: string): string => `ifNull(${condition}, 0)`;
  const limit = (of: string): string =>
    `toString(${of}OrNull(if(${is(`isNaN(${number})`)}, NULL, ${number})))`;
  return {
    kind: 'float',
    parts: [
      `toString(sumKahanIf(assumeNotNull(${number}), ${is(`isFinite(${number})`)}))`,
      `toString(countIf(${is(`isNaN(${number})`)}))`,
      `toString(countIf(${is(`${number} = inf`)}))`,
      `toString(countIf(${is(`${number} = -inf`)}))`,
      limit('min'),
      limit('max'),
    ],
    read: ([sum, nans, ups, downs, ...rest]) => {
      const has = (count: string | null | undefined): boolean => isText(count) && count !== '0';
      if (has(nans) || (has(ups) && has(downs))) {
        const ends = has(nans) ? { min: 'nan', max: 'nan' } : limits(rest);
        return { sum: 'nan', ...ends };
      }
      const found = limits(rest);
      if (found.min === undefined) return {};
      return { sum: has(ups) ? 'inf' : has(downs) ? '-inf' : (sum ?? '0'), ...found };
    },
  };
}
