import type { ResultColumn } from '../../../shared/columns.ts';
import type { TextSetting } from '../../../shared/textSetting.ts';
import { UsageError } from '../../client/errors.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { scalarType } from '../../types/comparable.ts';
import { parseType, TypeParseError } from '../../types/parseType.ts';
import { supportsArrow } from '../../types/supportsArrow.ts';
import type { TypeNode } from '../../types/typeNode.ts';
import { typeText } from '../../types/typeText.ts';
import { readBack } from './readBack.ts';
import { valueWithTimestamps } from './timestampText.ts';

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
   * The value in its own ClickHouse type, for sorting, comparing and aggregating. What is kept as text and has no
   * exact way back from it stays text: Dynamic, JSON, Variant, states of aggregate functions.
   */
  readonly value: string;
  /** The text that its cell shows; NULL for a NULL. */
  readonly text: string;
}

/** @throws UsageError when the engine cannot read the column exactly */
export function tableColumn(
  column: ResultColumn,
  field: string,
  id: string,
  textSettings: readonly TextSetting[],
): TableColumn {
  const type = parsed(column.type);
  const base = { column, id, field };
  if (column.encoding === 'text') {
    const name = quoteIdentifier(field);
    const value = type ? valueOfText(id, column.type, type, textSettings) : id;
    const held = 'Nullable(String)';
    return { ...base, declared: held, read: name, type: held, value, text: id };
  }
  if (!type || !supportsArrow(type)) throw unreadable(column);
  const { declared, held, restore } = readBack(column.type, type);
  const read = restore(quoteIdentifier(field));
  const text = `if(isNull(${id}), NULL, formatRowNoNewline('TSVRaw', ${id}))`;
  return { ...base, declared, read, type: held, value: id, text };
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

/** What the server's own text of a value says, under the settings it was printed with. */
function valueOfText(
  id: string,
  text: string,
  type: TypeNode,
  textSettings: readonly TextSetting[],
): string {
  const scalar = scalarType(type);
  const isSet = (name: string, value: string): boolean =>
    textSettings.some((setting) => setting.name === name && setting.value === value);
  // 1.00:00:00 is read by no CAST.
  if (isSet('interval_output_format', 'kusto') && scalar.name.startsWith('Interval')) return id;
  // Nor are timestamps that are short, have a fraction or lie before 1970.
  if (isSet('date_time_output_format', 'unix_timestamp') && text.includes('DateTime')) {
    const held = quoteLiteral(`Nullable(${typeText(scalar)})`);
    if (scalar.name === 'DateTime') return `CAST(toUInt32OrNull(${id}), ${held})`;
    if (scalar.name !== 'DateTime64') return valueWithTimestamps(id, type) ?? id;
    return `CAST(toDecimal128OrNull(${id}, ${scalar.precision}), ${held})`;
  }
  return fromText(id, text, type);
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
