import type { CellSearch, ColumnFilter, FilterOperator } from '../../../../shared/resultView.ts';
import { UsageError } from '../../../client/errors.ts';
import { quoteLiteral } from '../../../sql/quote.ts';
import { hasOrder, isTyped, scalarType } from '../../../types/comparable.ts';
import { textRules } from '../../../types/format/textSettings.ts';
import { parseType, TypeParseError } from '../../../types/parseType.ts';
import type { TypeNode } from '../../../types/typeNode.ts';
import type { SpoolTable } from '../spoolTable.ts';
import type { TableColumn } from '../tableColumn.ts';
import { operandOf, type Operand } from './operand.ts';

type Order = Extract<FilterOperator, 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual'>;

const SIGNS: Record<Order, string> = {
  less: '<',
  lessOrEqual: '<=',
  greater: '>',
  greaterOrEqual: '>=',
};

/** The type of the column's values without Nullable and the like; `Opaque` when it cannot be read. */
export function typeOf({ column }: TableColumn): TypeNode {
  try {
    return scalarType(parseType(column.type));
  } catch (error) {
    if (error instanceof TypeParseError) return { name: 'Opaque', text: column.type };
    throw error;
  }
}

/**
 * For `where`: the rows that a filter keeps; 0 or 1, never NULL. A NULL is not equal to any text, and neither less
 * nor greater than one.
 * @throws UsageError when a text is no value that the column may have
 */
export function filterCondition(table: SpoolTable, filter: ColumnFilter): string {
  const { operator, values } = filter;
  const column = table.columns[filter.column];
  if (!column) throw new UsageError('The filter is for a column that this result does not have.');
  const [first = ''] = values;
  const asTimestamps = textRules(table.textSettings).dateTimes === 'unix_timestamp';
  switch (operator) {
    case 'isNull':
      return `isNull(${column.id})`;
    case 'isNotNull':
      return `isNotNull(${column.id})`;
    case 'equal':
    case 'in':
      return equals(column, values, asTimestamps);
    case 'notEqual':
      return `NOT ${equals(column, values, asTimestamps)}`;
    case 'contains':
      return contains(column.text, { text: first, matchCase: false });
    case 'startsWith':
      return `ifNull(startsWithUTF8(lowerUTF8(${column.text}), lowerUTF8(${quoteLiteral(first)})), 0)`;
    default:
      return ordered(column, operator, first, asTimestamps);
  }
}

/** For `where`: rows that show the text in any of their cells. */
export const searchCondition = ({ columns }: SpoolTable, search: CellSearch): string =>
  `(${columns.map(({ text }) => contains(text, search)).join(' OR ')})`;

/** 0 or 1, never NULL. */
export function contains(shown: string, { text, matchCase }: CellSearch): string {
  const find = matchCase ? 'position' : 'positionCaseInsensitiveUTF8';
  return `ifNull(${find}(${shown}, ${quoteLiteral(text)}) > 0, 0)`;
}

function equals(column: TableColumn, texts: readonly string[], asTimestamps: boolean): string {
  const type = typeOf(column);
  if (type.name === 'FixedString') {
    // Compared with its padding of zero bytes or without.
    const any = texts.map((text) => `${column.value} = ${quoteLiteral(text)}`);
    return `ifNull(${any.join(' OR ')}, 0)`;
  }
  if (!isTyped(type)) {
    const shown = type.name === 'String' ? column.value : column.text;
    return `ifNull(${shown} IN (${texts.map(quoteLiteral).join(', ')}), 0)`;
  }
  const { value } = column;
  const any = texts.flatMap((text) => {
    const operand = operandOf(type, text, asTimestamps);
    if (operand.kind === 'nan') return [`isNaN(${value})`];
    if (operand.kind !== 'value' || !operand.exact) return [];
    const same = `${value} = ${operand.sql}`;
    const shown = operand.text;
    return shown === undefined ? [same] : [same, `${column.text} = ${quoteLiteral(shown)}`];
  });
  return any.length === 0 ? '0' : `ifNull(${any.join(' OR ')}, 0)`;
}

const isText = ({ name }: TypeNode): boolean => name === 'String' || name === 'FixedString';

function ordered(
  column: TableColumn,
  operator: Order,
  text: string,
  asTimestamps: boolean,
): string {
  const type = typeOf(column);
  const { name, type: spelled } = column.column;
  if (!hasOrder(type)) {
    throw new UsageError(`The values of "${name}" (${spelled}) have no order to compare by.`);
  }
  const operand: Operand = isText(type)
    ? { kind: 'value', sql: quoteLiteral(text), exact: true }
    : operandOf(type, text, asTimestamps);
  const isLess = operator === 'less' || operator === 'lessOrEqual';
  switch (operand.kind) {
    case 'nan':
      return '0';
    case 'below':
      return isLess ? '0' : `isNotNull(${column.id})`;
    case 'above':
      return isLess ? `isNotNull(${column.id})` : '0';
    case 'value': {
      // What is less than 3.5 is at most 3.
      const sign = operand.exact ? SIGNS[operator] : isLess ? '<=' : '>';
      return `ifNull(${column.value} ${sign} ${operand.sql}, 0)`;
    }
  }
}
