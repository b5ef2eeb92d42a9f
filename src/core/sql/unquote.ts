import type { Token } from './token.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  0: '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Behind these a backslash vanishes; behind any other character ClickHouse keeps it. */
const ESCAPABLE = '\\\'"`/=';

/**
 * The name or text that a bareword, a quoted identifier, a string literal or a heredoc stands for.
 * `\xHH` is read as one character; text built from single UTF-8 bytes above 7F is not put together.
 */
export function unquote(text: string, token: Token): string {
  const source = text.slice(token.start, token.end);
  const quote = source.charAt(0);
  switch (token.kind) {
    case 'QuotedIdentifier':
    case 'StringLiteral':
      if (quote === '‘' || quote === '“') return source.slice(1, -1);
      if (quote === "'" || quote === '"' || quote === '`') {
        return unescape(source.slice(1, -1), quote);
      }
      return source;
    case 'HereDoc': {
      const tag = source.indexOf('$', 1) + 1;
      return source.slice(tag, -tag);
    }
    default:
      return source;
  }
}

function unescape(body: string, quote: string): string {
  if (!body.includes('\\') && !body.includes(quote)) return body;
  let result = '';
  for (let index = 0; index < body.length; index++) {
    const character = body.charAt(index);
    if (character === quote) index++;
    if (character !== '\\') {
      result += character;
      continue;
    }
    const next = body.charAt(++index);
    const hex = next === 'x' ? /^[0-9a-f]{2}/i.exec(body.slice(index + 1, index + 3)) : null;
    if (hex !== null) {
      result += String.fromCharCode(Number.parseInt(hex[0], 16));
      index += 2;
    } else {
      result += ESCAPES[next] ?? (ESCAPABLE.includes(next) ? next : `\\${next}`);
    }
  }
  return result;
}
