import type { ResultColumn } from '../../../shared/columns.ts';
import { UsageError } from '../../client/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { parseType, TypeParseError } from '../../types/parseType.ts';
import { supportsArrow } from '../../types/supportsArrow.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { readBack } from './readBack.ts';

/** A column of a result as SQL of the local engine. */
export interface TableColumn {
  readonly column: ResultColumn;
  /** Its name in the table: a plain word that no column of the file has. */
  readonly id: string;
  /** Its name in the file. */
  readonly field: string;
  /** Its type in the file, as the reader has to be told. */
  readonly declared: string;
  /** From the column of the file to the column of the table. */
  readonly read: string;
  /** Its type in the table. */
  readonly type: string;
  /**
   * The value in its own ClickHouse type, for sorting, comparing and aggregating. Dynamic, and what is kept as
   * text and has no way back from it, stays text.
   */
  readonly value: string;
  /** The text that its cell shows; a NULL has none. Undefined where SQL cannot make it. */
  readonly text: string | undefined;
}

/** @throws UsageError when the engine cannot read the column exactly */
export function tableColumn(column: ResultColumn, field: string, id: string): TableColumn {
  const type = parsed(column.type);
  const base = { column, id, field };
  if (column.encoding === 'text') {
    const name = quoteIdentifier(field);
    const value = type ? fromText(id, column.type, type) : id;
    const held = 'Nullable(String)';
    return { ...base, declared: held, read: name, type: held, value, text: id };
  }
  if (!type || !supportsArrow(type)) throw unreadable(column);
  const { declared, held, restore } = readBack(column.type, type);
  const read = restore(quoteIdentifier(field));
  return { ...base, declared, read, type: held, value: id, text: cellText(id, type) };
}

function parsed(text: string): TypeNode | undefined {
  try {
    return parseType(text);
  } catch (error) {
    if (error instanceof TypeParseError) return undefined;
    throw error;
  }
}

function unreadable({ name, type }: ResultColumn): UsageError {
  return new UsageError(
    `The local ClickHouse cannot read the column "${name}" (${type}) of this result.`,
    { hint: 'Convert the column with toString() in the statement and run it again.' },
  );
}

function cellText(id: string, type: TypeNode): string | undefined {
  if (type.name === 'Dynamic') {
    return `multiIf(${id} = 'null', NULL, startsWith(${id}, '"'), JSONExtractString(${id}), ${id})`;
  }
  if (containsDynamic(type)) return undefined;
  return `if(isNull(${id}), NULL, formatRowNoNewline('TSVRaw', ${id}))`;
}

function containsDynamic(type: TypeNode): boolean {
  switch (type.name) {
    case 'Dynamic':
      return true;
    case 'Nullable':
    case 'LowCardinality':
    case 'Array':
    case 'SimpleAggregateFunction':
      return containsDynamic(type.inner);
    case 'Map':
      return containsDynamic(type.key) || containsDynamic(type.value);
    case 'Tuple':
    case 'Nested':
      return type.elements.some((element) => containsDynamic(element.type));
    default:
      return false;
  }
}

/** The server's own text of a value as the value. */
function fromText(id: string, text: string, type: TypeNode): string {
  switch (type.name) {
    case 'String':
    case 'Dynamic':
    case 'JSON':
    case 'Variant':
    case 'Opaque':
      return id;
    case 'Nullable':
      // "Conversion from String to Nothing is not supported": there are only NULLs.
      return type.inner.name === 'Nothing' ? id : `CAST(${id}, ${quoteLiteral(text)})`;
    case 'Map': {
      // CAST makes no Map of a text, but a Tuple with one.
      const tuple = quoteLiteral(`Tuple(${text})`);
      return `tupleElement(CAST(concat('(', ${id}, ')'), ${tuple}), 1)`;
    }
    default:
      return `CAST(${id}, ${quoteLiteral(text)})`;
  }
}
