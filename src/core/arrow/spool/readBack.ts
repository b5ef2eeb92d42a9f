import { quoteLiteral } from '../../sql/quote.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { typeText } from '../../types/typeText.ts';

/** How ClickHouse's own Arrow reader takes the values of a type back from a spool without a loss. */
export interface ReadBack {
  /** The type to declare for the column of the file. */
  declared: string;
  /** The type after `restore`. */
  held: string;
  /** From the column of the file to the column of the table. */
  restore: (column: string) => string;
}

/** @param text the type as the server spells it @param type the same, parsed; one that Arrow supports */
export function readBack(text: string, type: TypeNode): ReadBack {
  const declared = mapLeaves(type, carrierOf);
  if (declared === type) return { declared: text, held: text, restore: (column) => column };
  const heldType = mapLeaves(type, heldAs);
  const held = heldType === type ? text : typeText(heldType);
  return {
    declared: typeText(declared),
    held,
    restore: (column) => {
      const restored = restore(column, type);
      const isSame = restored === column && held === typeText(declared);
      return isSame ? column : `CAST(${restored}, ${quoteLiteral(held)})`;
    },
  };
}

function heldAs(type: TypeNode): TypeNode {
  // "Cannot convert NULL to a non-nullable type", even in arrays without items.
  return type.name === 'Nothing' ? { name: 'Nullable', inner: type } : type;
}

function carrierOf(type: TypeNode): TypeNode {
  // Read as itself, `Nullable(BFloat16)` silently becomes NULL.
  if (type.name === 'BFloat16') return { name: 'String' };
  // "Unsupported data type in conversion function", although Time64(0) holds the same values.
  if (type.name === 'Time') return { name: 'Time64', precision: 0 };
  // "Cannot parse string as UInt256": the reader takes the bytes for digits.
  if (type.name === 'LowCardinality' && isWide(type.inner)) return type.inner;
  return heldAs(type);
}

function isWide(type: TypeNode): boolean {
  return type.name === 'Nullable' ? isWide(type.inner) : /^U?Int(?:128|256)$/.test(type.name);
}

/** The same object when no leaf changes. LowCardinality counts as a leaf where `map` changes it. */
function mapLeaves(type: TypeNode, map: (leaf: TypeNode) => TypeNode): TypeNode {
  if (type.name === 'Nullable' && type.inner.name === 'Nothing') return type;
  if (type.name === 'LowCardinality') {
    const mapped = map(type);
    if (mapped !== type) return mapped;
  }
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'Array': {
      const inner = mapLeaves(type.inner, map);
      return inner === type.inner ? type : { ...type, inner };
    }
    case 'SimpleAggregateFunction': {
      const inner = mapLeaves(type.inner, map);
      return inner === type.inner ? type : inner;
    }
    case 'Map': {
      const key = mapLeaves(type.key, map);
      const value = mapLeaves(type.value, map);
      return key === type.key && value === type.value ? type : { ...type, key, value };
    }
    case 'Tuple':
    case 'Nested': {
      const elements = type.elements.map((element) => ({
        ...element,
        type: mapLeaves(element.type, map),
      }));
      const same = elements.every((element, i) => element.type === type.elements[i]?.type);
      return same ? type : { ...type, elements };
    }
    default:
      return map(type);
  }
}

/** The expression itself when there is nothing to do. */
function restore(expression: string, type: TypeNode, depth = 0): string {
  const item = `x${depth}`;
  switch (type.name) {
    case 'BFloat16':
      return `reinterpret(${expression}, 'BFloat16')`;
    case 'Time':
      return `CAST(toInt64(${expression}), 'Time')`;
    case 'Nullable': {
      const inner = restore(`assumeNotNull(${expression})`, type.inner, depth);
      if (inner === `assumeNotNull(${expression})`) return expression;
      return `if(isNull(${expression}), NULL, ${inner})`;
    }
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return restore(expression, type.inner, depth);
    case 'Array':
      return overItems(expression, restore(item, type.inner, depth + 1), item);
    case 'Nested': {
      const row: TypeNode = { name: 'Tuple', elements: type.elements };
      return overItems(expression, restore(item, row, depth + 1), item);
    }
    case 'Map': {
      const keys = `mapKeys(${expression})`;
      const values = `mapValues(${expression})`;
      const newKeys = overItems(keys, restore(item, type.key, depth + 1), item);
      const newValues = overItems(values, restore(item, type.value, depth + 1), item);
      if (newKeys === keys && newValues === values) return expression;
      const restored = quoteLiteral(typeText(mapLeaves(type, heldAs)));
      return `CAST((${newKeys}, ${newValues}), ${restored})`;
    }
    case 'Tuple': {
      const parts = type.elements.map((_, i) => `tupleElement(${expression}, ${i + 1})`);
      const restored = type.elements.map((element, i) =>
        restore(parts[i] ?? '', element.type, depth),
      );
      const same = restored.every((part, i) => part === parts[i]);
      return same ? expression : `tuple(${restored.join(', ')})`;
    }
    default:
      return expression;
  }
}

const overItems = (array: string, restored: string, item: string): string =>
  restored === item ? array : `arrayMap(${item} -> ${restored}, ${array})`;
