import { quoteLiteral } from '../../sql/quote.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { typeText } from '../../types/typeText.ts';

/**
 * SQL of a value of which the server wrote the text with times as seconds since 1970: no CAST reads those that are
 * short, have a fraction or lie before 1970.
 * @param text SQL of the text
 * @param type one whose text is not that of the value itself, as a time, but holds times
 * @returns undefined for types whose texts do not tell what is in them
 */
export function valueWithTimestamps(text: string, type: TypeNode): string | undefined {
  const written = asWritten(type);
  if (!written) return undefined;
  // CAST makes no Map of a text, but a Tuple with one.
  const tuple = quoteLiteral(`Tuple(${typeText(written)})`);
  return restored(`tupleElement(CAST(concat('(', ${text}, ')'), ${tuple}), 1)`, type, 0);
}

/** The type with texts for its times. */
function asWritten(type: TypeNode): TypeNode | undefined {
  switch (type.name) {
    case 'DateTime':
    case 'DateTime64':
      return { name: 'String' };
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return asWritten(type.inner);
    case 'Nullable':
    case 'Array': {
      const inner = asWritten(type.inner);
      return inner && { name: type.name, inner };
    }
    case 'Map': {
      const [key, value] = [asWritten(type.key), asWritten(type.value)];
      return key && value && { ...type, key, value };
    }
    case 'Tuple':
    case 'Nested': {
      const elements = type.elements.flatMap((element) => {
        const inner = asWritten(element.type);
        return inner ? [{ ...element, type: inner }] : [];
      });
      return elements.length === type.elements.length ? { ...type, elements } : undefined;
    }
    case 'Variant':
    case 'Dynamic':
    case 'JSON':
    case 'Opaque':
      return undefined;
    default:
      return type;
  }
}

/** @param depth of the lambdas around it, whose arguments need names of their own */
function restored(value: string, type: TypeNode, depth: number): string {
  const each = (list: string, inner: TypeNode): string => {
    const name = `t${depth}`;
    const made = restored(name, inner, depth + 1);
    return made === name ? list : `arrayMap(${name} -> ${made}, ${list})`;
  };
  switch (type.name) {
    case 'DateTime':
      return `CAST(toUInt32OrZero(${value}), ${quoteLiteral(typeText(type))})`;
    case 'DateTime64':
      return `CAST(toDecimal128OrZero(${value}, ${type.precision}), ${quoteLiteral(typeText(type))})`;
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return restored(value, type.inner, depth);
    case 'Nullable': {
      const made = restored(`assumeNotNull(${value})`, type.inner, depth);
      return made === `assumeNotNull(${value})` ? value : `if(isNull(${value}), NULL, ${made})`;
    }
    case 'Array':
      return each(value, type.inner);
    case 'Map':
      return `mapFromArrays(${each(`mapKeys(${value})`, type.key)}, ${each(`mapValues(${value})`, type.value)})`;
    case 'Tuple':
      return tupleOf(value, type, depth);
    case 'Nested':
      return each(value, { ...type, name: 'Tuple' });
    default:
      return value;
  }
}

function tupleOf(
  value: string,
  { elements }: Extract<TypeNode, { name: 'Tuple' | 'Nested' }>,
  depth: number,
): string {
  const parts = elements.map((element, at) =>
    restored(`tupleElement(${value}, ${at + 1})`, element.type, depth),
  );
  return `tuple(${parts.join(', ')})`;
}
