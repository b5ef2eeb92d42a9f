import { BufferType, Data, DataType, type Field, type Schema } from 'apache-arrow';
import type { ResultColumn } from '../../../shared/columns.ts';
import type { TextSetting } from '../../../shared/textSetting.ts';
import { readerFor } from '../../types/format/readerFor.ts';
import { UnknownPair, type ReadContext } from '../../types/format/valueReader.ts';
import { parseType, TypeParseError } from '../../types/parseType.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { addZonesOf } from '../../types/zonesOf.ts';
import { supportsArrow } from '../../types/supportsArrow.ts';
import { typeText } from '../../types/typeText.ts';
import type { DescribedColumn } from './describe.ts';
import { naturalType } from './naturalType.ts';
import { reconcile } from './reconcile.ts';

/** The zones that the values of described columns print in, and those that Arrow names for them. */
export function zonesOfColumns(
  described: readonly DescribedColumn[],
  schema: Schema | undefined,
  timeZone: string,
): Set<string> {
  const names = new Set<string>();
  for (const { type } of described) {
    const parsed = tryParse(type);
    if (parsed) addZonesOf(parsed, timeZone, names);
  }
  for (const field of (schema?.fields ?? []) as readonly Field[]) {
    addZonesOf(naturalType(field.type as DataType), timeZone, names);
  }
  return names;
}

function tryParse(type: string): TypeNode | undefined {
  try {
    return parseType(type);
  } catch (error) {
    if (error instanceof TypeParseError) return undefined;
    throw error;
  }
}

/** Whether all described columns arrive whole as Arrow and their texts can be made of it. */
export function allSupportArrow(
  columns: readonly DescribedColumn[],
  textSettings: readonly TextSetting[],
): boolean {
  return columns.every((column) => {
    const type = tryParse(column.type);
    return type !== undefined && supportsArrow(type, textSettings);
  });
}

/**
 * The columns of an Arrow result from what was described and what really comes; undefined when the two do not fit
 * together or a pair of types has no rule, so that the result has to come as text.
 */
export function arrowColumns(
  described: readonly DescribedColumn[],
  schema: Schema,
  context: ReadContext,
): ResultColumn[] | undefined {
  const fields: readonly Field[] = schema.fields;
  if (fields.length !== described.length) return undefined;
  const samples = emptyColumns(schema);
  const columns: ResultColumn[] = [];
  for (const [i, field] of fields.entries()) {
    const type = exactType(described[i], field, samples[i], context);
    if (type === undefined) return undefined;
    columns.push({ name: field.name, type, encoding: 'arrow' });
  }
  return columns;
}

/** The columns of an Arrow result that was not asked for: types that do not fit are those of Arrow itself. */
export function arrowColumnsAsTheyCome(
  described: readonly DescribedColumn[],
  schema: Schema,
  context: ReadContext,
): ResultColumn[] {
  const fields: readonly Field[] = schema.fields;
  const samples = emptyColumns(schema);
  return fields.map((field, i) => {
    const type = exactType(described[i], field, samples[i], context);
    const natural = naturalType(field.type as DataType);
    return { name: field.name, type: type ?? typeText(natural), encoding: 'arrow' };
  });
}

const emptyColumns = (schema: Schema): readonly Data[] =>
  schema.fields.map((field: Field) => emptyData(field.type as DataType));

/** Data without rows, but with all the buffers and children that a reader looks at when it is made. */
function emptyData(type: DataType): Data {
  if (DataType.isDictionary(type)) return emptyData(type.dictionary as DataType);
  const children = (type.children as readonly Field[] | null) ?? [];
  const buffers = {
    [BufferType.OFFSET]: new Int32Array(1),
    [BufferType.DATA]: new Uint8Array(0),
    [BufferType.VALIDITY]: new Uint8Array(0),
    [BufferType.TYPE]: new Int8Array(0),
  };
  const inner = children.map((child) => emptyData(child.type as DataType));
  return new Data(type, 0, 0, 0, buffers, inner);
}

function exactType(
  described: DescribedColumn | undefined,
  field: Field,
  sample: Data | undefined,
  context: ReadContext,
): string | undefined {
  // Not compared by name: generated names (`_subquery2`) may differ between describing and running.
  if (!described || !sample) return undefined;
  try {
    const parsed = parseType(described.type);
    const reconciled = reconcile(parsed, field.type as DataType);
    readerFor(reconciled, sample, context);
    return reconciled === parsed ? described.type : typeText(reconciled);
  } catch (error) {
    if (error instanceof UnknownPair || error instanceof TypeParseError) return undefined;
    throw error;
  }
}
