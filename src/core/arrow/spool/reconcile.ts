import { DataType, TimeUnit, type Field } from 'apache-arrow';
import type { TypeNode } from '../../types/typeNode.ts';

/**
 * Corrects a described type by the Arrow type of the same column. `DESCRIBE TABLE view(…)` runs no scalar subquery,
 * so a scale, precision or zone that depends on one is described wrong; Arrow's schema comes from the run and wins.
 * Returns the same object when nothing differs.
 */
export function reconcile(type: TypeNode, arrow: DataType): TypeNode {
  if (DataType.isDictionary(arrow)) return reconcile(type, arrow.dictionary as DataType);
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return withInner(type, reconcile(type.inner, arrow));
    case 'Array': {
      const item = childType(arrow, 0);
      return DataType.isList(arrow) && item ? withInner(type, reconcile(type.inner, item)) : type;
    }
    case 'Map': {
      const entries = DataType.isMap(arrow) ? childType(arrow, 0) : undefined;
      const keyType = entries && childType(entries, 0);
      const valueType = entries && childType(entries, 1);
      if (!keyType || !valueType) return type;
      const key = reconcile(type.key, keyType);
      const value = reconcile(type.value, valueType);
      return key === type.key && value === type.value ? type : { ...type, key, value };
    }
    case 'Tuple':
      return DataType.isStruct(arrow) ? withElements(type, arrow) : type;
    case 'Nested': {
      const row = DataType.isList(arrow) ? childType(arrow, 0) : undefined;
      return row ? withElements(type, row) : type;
    }
    case 'Variant': {
      if (!DataType.isDenseUnion(arrow)) return type;
      const members = type.members.map((member, i) => {
        const child = childType(arrow, i);
        return child ? reconcile(member, child) : member;
      });
      return same(members, type.members) ? type : { ...type, members };
    }
    case 'Decimal': {
      if (!DataType.isDecimal(arrow) || arrow.scale === type.scale) return type;
      return { name: 'Decimal', precision: arrow.precision, scale: arrow.scale };
    }
    case 'DateTime64':
      return DataType.isTimestamp(arrow) ? withTimestamp(type, arrow.unit, arrow.timezone) : type;
    case 'Time64': {
      if (!DataType.isTime(arrow) || unitOf(type.precision) === arrow.unit) return type;
      return { name: 'Time64', precision: digitsOf(arrow.unit) };
    }
    case 'FixedString': {
      if (!DataType.isFixedSizeBinary(arrow) || arrow.byteWidth === type.length) return type;
      return { name: 'FixedString', length: arrow.byteWidth };
    }
    default:
      return type;
  }
}

type WithInner = Extract<TypeNode, { inner: TypeNode }>;
type WithElements = Extract<TypeNode, { name: 'Tuple' | 'Nested' }>;
type Timestamp64 = Extract<TypeNode, { name: 'DateTime64' }>;

function withInner(type: WithInner, inner: TypeNode): TypeNode {
  return inner === type.inner ? type : { ...type, inner };
}

function withElements(type: WithElements, row: DataType): TypeNode {
  const types = type.elements.map((element, i) => {
    const child = childType(row, i);
    return child ? reconcile(element.type, child) : element.type;
  });
  const before = type.elements.map((element) => element.type);
  if (same(types, before)) return type;
  const elements = type.elements.map((element, i) => ({
    ...element,
    type: types[i] ?? element.type,
  }));
  return { ...type, elements };
}

/** A zone is only taken over where one was described: Arrow names the server's zone for columns without one. */
function withTimestamp(
  type: Timestamp64,
  unit: TimeUnit,
  timeZone: string | null | undefined,
): TypeNode {
  const sameUnit = unitOf(type.precision) === unit;
  const sameZone = type.timeZone === undefined || !timeZone || type.timeZone === timeZone;
  if (sameUnit && sameZone) return type;
  return {
    ...type,
    precision: sameUnit ? type.precision : digitsOf(unit),
    ...(type.timeZone !== undefined && timeZone ? { timeZone } : {}),
  };
}

/** ClickHouse rounds the number of decimals up to Arrow's next unit. */
function unitOf(precision: number): TimeUnit {
  if (precision === 0) return TimeUnit.SECOND;
  if (precision <= 3) return TimeUnit.MILLISECOND;
  return precision <= 6 ? TimeUnit.MICROSECOND : TimeUnit.NANOSECOND;
}

const digitsOf = (unit: TimeUnit): number => unit * 3;

function childType(type: DataType, index: number): DataType | undefined {
  const children = type.children as readonly Field[] | null;
  return children?.[index]?.type as DataType | undefined;
}

const same = (a: readonly TypeNode[], b: readonly TypeNode[]): boolean =>
  a.every((item, i) => item === b[i]);
