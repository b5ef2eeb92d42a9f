import { DataType, type Field } from 'apache-arrow';

/** How the values of a field lie in a record batch; buffer and node numbers count through the whole batch. */
export interface Layout {
  node: number;
  /** First buffer of the field; its other buffers follow, then those of its children. */
  buffer: number;
  shape: Shape;
  children: Layout[];
}

type Shape =
  | { kind: 'null' }
  | { kind: 'bits' }
  /** `width` in bytes. */
  | { kind: 'fixed'; width: number }
  | { kind: 'variable' }
  | { kind: 'list' }
  | { kind: 'fixedList'; size: number }
  | { kind: 'struct' }
  | { kind: 'denseUnion'; childOf: Readonly<Record<number, number>> }
  | { kind: 'sparseUnion' };

/** Buffers of a field of that shape, without its children's. */
const BUFFERS: Readonly<Record<Shape['kind'], number>> = {
  null: 0,
  bits: 2,
  fixed: 2,
  variable: 3,
  list: 2,
  fixedList: 1,
  struct: 1,
  denseUnion: 2,
  sparseUnion: 1,
};

/** An Arrow type that ClickHouse does not send and windows cannot be cut from. */
export class UnsupportedArrowType extends Error {
  override readonly name = 'UnsupportedArrowType';

  constructor(field: Field) {
    super(
      `The column "${field.name}" has the Arrow type ${arrowTypeName(field.type as DataType)}, which cannot be shown.`,
    );
  }
}

/** The type as Arrow writes it, for example `Timestamp<MILLISECOND, UTC>`. */
function arrowTypeName(type: DataType): string {
  return (type as { toString(): string }).toString();
}

/** Layouts of the top-level fields, in order. @throws UnsupportedArrowType */
export function layoutsOf(fields: readonly Field[]): Layout[] {
  const counter = { node: 0, buffer: 0 };
  return fields.map((field) => layoutOf(field, counter));
}

function layoutOf(field: Field, counter: { node: number; buffer: number }): Layout {
  const shape = shapeOf(field);
  const { node, buffer } = counter;
  counter.node++;
  counter.buffer += BUFFERS[shape.kind];
  // A dictionary's children belong to its dictionary batches.
  const fields = DataType.isDictionary(field.type) ? [] : childrenOf(field.type as DataType);
  return { node, buffer, shape, children: fields.map((child) => layoutOf(child, counter)) };
}

function childrenOf(type: DataType): readonly Field[] {
  return (type.children as readonly Field[] | null) ?? [];
}

function shapeOf(field: Field): Shape {
  const type: DataType = field.type as DataType;
  if (DataType.isNull(type)) return { kind: 'null' };
  if (DataType.isBool(type)) return { kind: 'bits' };
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return { kind: 'variable' };
  if (DataType.isList(type) || DataType.isMap(type)) return { kind: 'list' };
  if (DataType.isFixedSizeList(type)) return { kind: 'fixedList', size: type.listSize };
  if (DataType.isStruct(type)) return { kind: 'struct' };
  if (DataType.isDenseUnion(type)) {
    return { kind: 'denseUnion', childOf: type.typeIdToChildIndex };
  }
  if (DataType.isSparseUnion(type)) return { kind: 'sparseUnion' };
  const bits = bitWidth(type);
  if (bits === undefined) throw new UnsupportedArrowType(field);
  return { kind: 'fixed', width: bits / 8 };
}

function bitWidth(type: DataType): number | undefined {
  if (DataType.isDictionary(type)) return bitWidth(type.indices);
  if (DataType.isInt(type) || DataType.isDecimal(type) || DataType.isTime(type)) {
    return type.bitWidth;
  }
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth * 8;
  if (DataType.isFloat(type)) return 16 << type.precision;
  if (DataType.isDate(type)) return 32 << type.unit;
  if (DataType.isTimestamp(type) || DataType.isDuration(type)) return 64;
  return undefined;
}
