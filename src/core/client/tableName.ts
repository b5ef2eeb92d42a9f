import { quoteIdentifier } from '../sql/quote.ts';
import { UsageError } from './errors.ts';
import type { TableName } from './surface.ts';

const PART = /\s*(?:`((?:[^`\\]|\\.|``)+)`|"((?:[^"\\]|\\.|"")+)"|([A-Za-z_][\w$]*))\s*/y;

/**
 * A table as quoted SQL. Text is read as one or two identifiers, which may be quoted already.
 * @throws UsageError for text that is no table name.
 */
export function tableSql(table: TableName): string {
  if (typeof table !== 'string') {
    const parts = table.database === undefined ? [table.table] : [table.database, table.table];
    return parts.map(quoteIdentifier).join('.');
  }
  const parts = identifierParts(table);
  if (parts === undefined || parts.length > 2) {
    throw new UsageError(`"${table}" is not a table name.`, {
      hint: 'Write table or database.table, with backquotes around unusual names, or give { database, table }.',
    });
  }
  return parts.join('.');
}

function identifierParts(text: string): string[] | undefined {
  const parts: string[] = [];
  PART.lastIndex = 0;
  for (;;) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    const [, backquoted, doubleQuoted, bare] = match;
    if (bare !== undefined) parts.push(quoteIdentifier(bare));
    else if (backquoted !== undefined) parts.push(`\`${backquoted}\``);
    else parts.push(`"${doubleQuoted ?? ''}"`);
    if (PART.lastIndex === text.length) return parts;
    if (text[PART.lastIndex] !== '.') return undefined;
    PART.lastIndex += 1;
  }
}
