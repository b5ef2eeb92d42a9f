/**
 * Building SQL identifiers and literals. These two functions are the only place in the product
 * where a name or a value becomes SQL text.
 */

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '\\': '\\\\',
  "'": "\\'",
  '`': '\\`',
};

/** A raw NUL ends the statement on the server's side, so every control character is escaped. */
const IDENTIFIER_SPECIAL = /[\0\b\t\n\f\r\\`]/g;
const LITERAL_SPECIAL = /[\0\b\t\n\f\r\\']/g;

function escapeCharacter(character: string): string {
  return SIMPLE_ESCAPES[character] ?? character;
}

/** With the `u` flag a whole surrogate pair is one code point, so this finds halves only. */
const LONE_SURROGATE = /\p{Cs}/u;

function requireWellFormed(text: string, what: string): void {
  if (LONE_SURROGATE.test(text)) {
    throw new RangeError(
      `The ${what} contains half of a surrogate pair, which has no UTF-8 form. Remove the damaged character.`,
    );
  }
}

/**
 * A name as a back-quoted ClickHouse identifier, for example `` a`b `` as `` `a\`b` ``. One part
 * only: `db.table` becomes one name with a dot in it.
 * @throws RangeError for an empty name (ClickHouse has none) or one with a lone surrogate.
 */
export function quoteIdentifier(name: string): string {
  if (name === '') throw new RangeError('An identifier must not be empty.');
  requireWellFormed(name, 'identifier');
  return `\`${name.replace(IDENTIFIER_SPECIAL, escapeCharacter)}\``;
}

/**
 * A text as a ClickHouse string literal in single quotes.
 * @throws RangeError for a text with a lone surrogate.
 */
export function quoteLiteral(text: string): string {
  requireWellFormed(text, 'text');
  return `'${text.replace(LITERAL_SPECIAL, escapeCharacter)}'`;
}
