import type { TypeElement, TypeNode } from './typeNode.ts';

/** A type as ClickHouse spells it; the inverse of `parseType` (geometry types stay expanded). */
export function typeText(type: TypeNode): string {
  switch (type.name) {
    case 'Decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'FixedString':
      return `FixedString(${type.length})`;
    case 'DateTime':
      return type.timeZone === undefined ? type.name : `DateTime(${quoted(type.timeZone, "'")})`;
    case 'DateTime64':
      return type.timeZone === undefined
        ? `DateTime64(${type.precision})`
        : `DateTime64(${type.precision}, ${quoted(type.timeZone, "'")})`;
    case 'Time64':
      return `Time64(${type.precision})`;
    case 'Enum8':
    case 'Enum16':
      return `${type.name}(${[...type.values].map(([value, name]) => `${quoted(name, "'")} = ${value}`).join(', ')})`;
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
      return `${type.name}(${typeText(type.inner)})`;
    case 'Map':
      return `Map(${typeText(type.key)}, ${typeText(type.value)})`;
    case 'Tuple':
    case 'Nested':
      return `${type.name}(${type.elements.map(elementText).join(', ')})`;
    case 'Variant':
      return `Variant(${type.members.map(typeText).join(', ')})`;
    case 'SimpleAggregateFunction':
      return `SimpleAggregateFunction(${type.func}, ${typeText(type.inner)})`;
    case 'JSON':
    case 'Dynamic':
    case 'Opaque':
      return type.text;
    default:
      return type.name;
  }
}

function elementText({ name, type }: TypeElement): string {
  if (name === undefined) return typeText(type);
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return `${plain ? name : quoted(name, '`')} ${typeText(type)}`;
}

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

function quoted(text: string, quote: "'" | '`'): string {
  const body = text.replace(/[\b\f\n\r\t\0\\'`]/g, (char) => {
    if (char === "'" || char === '`') return char === quote ? `\\${char}` : char;
    return ESCAPED.get(char) ?? `\\${char}`;
  });
  return quote + body + quote;
}
