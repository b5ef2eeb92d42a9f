/** Token kinds, by the names of ClickHouse's own `TokenType` (src/Parsers/Lexer.h). */
export type TokenKind =
  | 'Whitespace'
  | 'Comment'
  | 'BareWord'
  | 'Number'
  | 'StringLiteral'
  | 'QuotedIdentifier'
  | 'HereDoc'
  | 'OpeningRoundBracket'
  | 'ClosingRoundBracket'
  | 'OpeningSquareBracket'
  | 'ClosingSquareBracket'
  | 'OpeningCurlyBrace'
  | 'ClosingCurlyBrace'
  | 'Comma'
  | 'Semicolon'
  | 'VerticalDelimiter'
  | 'Dot'
  | 'Asterisk'
  | 'DollarSign'
  | 'Plus'
  | 'Minus'
  | 'Slash'
  | 'Percent'
  | 'Arrow'
  | 'QuestionMark'
  | 'Colon'
  | 'Caret'
  | 'DoubleColon'
  | 'Equals'
  | 'NotEquals'
  | 'Less'
  | 'Greater'
  | 'LessOrEquals'
  | 'GreaterOrEquals'
  | 'Spaceship'
  | 'PipeMark'
  | 'Concatenation'
  | 'Tilde'
  | 'TildeAsterisk'
  | 'NotTilde'
  | 'NotTildeAsterisk'
  | 'At'
  | 'DoubleAt'
  | 'EndOfStream'
  | 'Error'
  | 'ErrorMultilineCommentIsNotClosed'
  | 'ErrorSingleQuoteIsNotClosed'
  | 'ErrorDoubleQuoteIsNotClosed'
  | 'ErrorBackQuoteIsNotClosed'
  | 'ErrorSingleExclamationMark'
  | 'ErrorWrongNumber';

/** A piece of the text: `start` and `end` are UTF-16 offsets, `end` is exclusive. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

/** True for what the parser sees: everything but white space and comments. */
export function isSignificant(token: Token): boolean {
  return token.kind !== 'Whitespace' && token.kind !== 'Comment';
}

/** True if the token is this keyword. Keywords are barewords in any letter case. */
export function isKeyword(text: string, token: Token | undefined, keyword: string): boolean {
  return (
    token?.kind === 'BareWord' &&
    token.end - token.start === keyword.length &&
    text.slice(token.start, token.end).toUpperCase() === keyword
  );
}

/** +1 for an opening bracket of any sort, -1 for a closing one, else 0. */
export function bracketDepth(token: Token): -1 | 0 | 1 {
  switch (token.kind) {
    case 'OpeningRoundBracket':
    case 'OpeningSquareBracket':
    case 'OpeningCurlyBrace':
      return 1;
    case 'ClosingRoundBracket':
    case 'ClosingSquareBracket':
    case 'ClosingCurlyBrace':
      return -1;
    default:
      return 0;
  }
}
