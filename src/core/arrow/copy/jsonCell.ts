import type { ResultColumn } from '../../../shared/columns.ts';
import type { ValueReader } from '../../types/format/valueReader.ts';
import { parseType } from '../../types/parseType.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { parseValue, ValueParseError, type ValueNode } from '../../types/value/parseValue.ts';

/** What JSON calls a number. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Writes cells of a column as JSON: numbers with all their digits, `nan` and `inf` as texts (ClickHouse would write
 * null), arrays and tuples as arrays, maps and tuples with names as objects, columns of type JSON as they are.
 */
export function jsonCell(column: ResultColumn): (reader: ValueReader, row: number) => string {
  const type = column.encoding === 'arrow' ? parseType(column.type) : undefined;
  const isJson = bare(type)?.name === 'JSON';
  return (reader, row) => {
    const kind = reader.kind(row);
    if (kind === 'null') return 'null';
    const text = reader.text(row);
    if (isJson) return text;
    if (kind === 'number' || kind === 'bool') return plainJson(text);
    if (kind !== 'composite') return JSON.stringify(text);
    try {
      return nodeJson(parseValue(text), type);
    } catch (error) {
      if (error instanceof ValueParseError) return JSON.stringify(text);
      throw error;
    }
  };
}

function plainJson(text: string): string {
  if (NUMBER.test(text) || text === 'true' || text === 'false') return text;
  return text === 'NULL' || text === 'null' ? 'null' : JSON.stringify(text);
}

function nodeJson(node: ValueNode, type: TypeNode | undefined): string {
  const inner = bare(type);
  switch (node.kind) {
    case 'plain':
      return plainJson(node.text);
    case 'text':
      return inner?.name === 'JSON' ? node.text : JSON.stringify(node.text);
    case 'list': {
      const item = itemType(inner);
      return `[${node.items.map((value) => nodeJson(value, item)).join(',')}]`;
    }
    case 'tuple': {
      const elements = inner?.name === 'Tuple' ? inner.elements : [];
      const values = node.items.map((value, i) => nodeJson(value, elements[i]?.type));
      const names = elements.map(({ name }) => name);
      if (names.length !== values.length || names.includes(undefined)) {
        return `[${values.join(',')}]`;
      }
      return `{${values.map((value, i) => `${JSON.stringify(names[i])}:${value}`).join(',')}}`;
    }
    case 'map': {
      const valueType = inner?.name === 'Map' ? inner.value : undefined;
      const entries = node.entries.map(
        ([key, value]) => `${JSON.stringify(keyText(key))}:${nodeJson(value, valueType)}`,
      );
      return `{${entries.join(',')}}`;
    }
  }
}

function keyText(key: ValueNode): string {
  return key.kind === 'text' || key.kind === 'plain' ? key.text : nodeJson(key, undefined);
}

function bare(type: TypeNode | undefined): TypeNode | undefined {
  switch (type?.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return bare(type.inner);
    default:
      return type;
  }
}

function itemType(type: TypeNode | undefined): TypeNode | undefined {
  if (type?.name === 'Array') return type.inner;
  return type?.name === 'Nested' ? { name: 'Tuple', elements: type.elements } : undefined;
}
