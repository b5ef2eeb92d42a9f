import type { Data } from 'apache-arrow';
import type { ResultColumn } from '../../shared/columns.ts';
import { readerFor } from './format/readerFor.ts';
import { serverText } from './format/serverText.ts';
import type { CellKind, ReadContext, ValueReader } from './format/valueReader.ts';
import { parseType } from './parseType.ts';
import type { TypeNode } from './typeNode.ts';

/** One cell as it is shown. */
export interface CellText {
  /** The text ClickHouse itself prints for the value (TSVRaw, default format settings); `NULL` for a null. */
  text: string;
  isNull: boolean;
  /** For alignment and colour; `bytes` means invalid UTF-8, each bad byte shown as `\xHH`. */
  kind: CellKind;
}

export type CellReader = (row: number) => CellText;

/**
 * Makes the reader of one column of one window. `row` counts from the window's first row.
 * Make it once per column and window: a call costs far less than a microsecond for most types.
 * @throws UnknownPair when there is no rule for the pair (ClickHouse type, Arrow type)
 */
function cellReader(type: TypeNode, data: Data, context: ReadContext): CellReader {
  return cellsOf(readerFor(type, data, context));
}

/**
 * The reader of a result column in either encoding (see {@link ResultColumn}).
 * @throws UnknownPair as {@link cellReader}
 * @throws TypeParseError when the column's type name is not well formed and the column is not `text`
 */
export function columnReader(column: ResultColumn, data: Data, context: ReadContext): CellReader {
  if (column.encoding === 'arrow') return cellReader(parseType(column.type), data, context);
  return cellsOf(serverText(column.type, data));
}

function cellsOf(reader: ValueReader): CellReader {
  return (row) => {
    const kind = reader.kind(row);
    return { text: reader.text(row), isNull: kind === 'null', kind };
  };
}
