import { isKeyword, type Token, type TokenKind } from './token.ts';

/** Behind these an operand is missing, so FORMAT there is a name (`SELECT format, x AS format`). */
const OPERAND_FOLLOWS: ReadonlySet<TokenKind> = new Set([
  'OpeningRoundBracket',
  'OpeningSquareBracket',
  'OpeningCurlyBrace',
  'Comma',
  'Dot',
  'Plus',
  'Minus',
  'Slash',
  'Percent',
  'Arrow',
  'QuestionMark',
  'Colon',
  'Caret',
  'DoubleColon',
  'Equals',
  'NotEquals',
  'Less',
  'Greater',
  'LessOrEquals',
  'GreaterOrEquals',
  'Spaceship',
  'Concatenation',
  'Tilde',
  'TildeAsterisk',
  'NotTilde',
  'NotTildeAsterisk',
]);
const OPERAND_FOLLOWS_WORD = new Set(
  `SELECT DISTINCT WITH FROM JOIN USING WHERE PREWHERE HAVING QUALIFY BY ON AND OR NOT AS LIKE ILIKE
  IN BETWEEN CASE WHEN THEN ELSE INTERVAL LIMIT OFFSET TABLE EXISTS DATABASE VIEW DICTIONARY DIV MOD`.split(
    /\s+/,
  ),
);

/** True if `token` is the FORMAT that opens a clause, judged by the token before it. */
export function isFormatClause(text: string, previous: Token | undefined, token: Token): boolean {
  if (previous === undefined || !isKeyword(text, token, 'FORMAT')) return false;
  if (previous.kind !== 'BareWord') return !OPERAND_FOLLOWS.has(previous.kind);
  return !OPERAND_FOLLOWS_WORD.has(text.slice(previous.start, previous.end).toUpperCase());
}
