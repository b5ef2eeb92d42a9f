import type { Data } from 'apache-arrow';
import { parseType, TypeParseError } from '../parseType.ts';
import type { TypeNode } from '../typeNode.ts';
import { decodeBytes } from './strings.ts';
import { bytesOf, UnknownPair, validity, type CellKind, type ValueReader } from './valueReader.ts';

/**
 * Reads a Utf8 column that holds the server's own text; the type only decides alignment and colour.
 * @throws UnknownPair when the column is not a string column
 */
export function serverText(typeText: string, data: Data): ValueReader {
  const bytes = bytesOf(data);
  if (!bytes) throw new UnknownPair(typeText, data);
  const valid = validity(data);
  const kind = kindOf(typeText);
  const text = (row: number): string => (valid(row) ? decodeBytes(bytes(row)).text : 'NULL');
  return {
    kind: (row) => {
      if (!valid(row)) return 'null';
      return decodeBytes(bytes(row)).valid ? kind : 'bytes';
    },
    text,
    nested: text,
  };
}

function kindOf(typeText: string): CellKind {
  try {
    return kindOfType(parseType(typeText));
  } catch (error) {
    if (error instanceof TypeParseError) return 'text';
    throw error;
  }
}

function kindOfType(type: TypeNode): CellKind {
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return kindOfType(type.inner);
    case 'Bool':
      return 'bool';
    case 'Decimal':
      return 'number';
    case 'Date':
    case 'Date32':
    case 'DateTime':
    case 'DateTime64':
    case 'Time':
    case 'Time64':
      return 'time';
    case 'Array':
    case 'Map':
    case 'Tuple':
    case 'Nested':
      return 'composite';
    default:
      return /^(U?Int\d|Float|BFloat|Interval)/.test(type.name) ? 'number' : 'text';
  }
}
