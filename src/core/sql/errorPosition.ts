import { tokenize } from './lexer.ts';
import { isKeyword, isSignificant, type Token, type TokenKind } from './token.ts';
import { unquote } from './unquote.ts';

/** A range of a text in UTF-16 offsets; `end` is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of a statement that a server's error message speaks of, or undefined if it cannot be told.
 * @param message the server's message, with or without `Code: 62. DB::Exception:`
 * @param statementText the text that was sent: ClickHouse counts positions from its first byte
 */
export function errorPosition(message: string, statementText: string): Range | undefined {
  if (/failed at position \d/.test(message)) return syntaxErrorRange(message, statementText);
  for (const { pattern, next } of NAMED) {
    const name = pattern
      .exec(message)?.[1]
      ?.replace(/\\?`/g, (quote) => (quote === '`' ? '' : '`'));
    if (name === undefined) continue;
    const range = findName(statementText, name, next);
    if (range !== undefined) return range;
  }
  return undefined;
}

/** Messages that name something of the statement, and what follows that name in SQL, if fixed. */
const NAMED: readonly { readonly pattern: RegExp; readonly next?: TokenKind }[] = [
  { pattern: /Unknown (?:[\w ]+ )?identifier:? [`'"](.+?)[`'"](?: |:|\.|$)/ },
  { pattern: /[Ii]dentifier [`'](.+?)[`'] cannot be resolved/ },
  { pattern: /Missing columns: '(.+?)'/ },
  { pattern: /Function with name [`'](.+?)[`'] does not exist/, next: 'OpeningRoundBracket' },
  {
    pattern: /Unknown (?:table |aggregate )?function [`']?(\w+)[`']?/,
    next: 'OpeningRoundBracket',
  },
  { pattern: /(?:Table|Dictionary|View) (.+?) (?:does not|doesn't) exist/ },
  { pattern: /Could not find table: (.+?)(?:\.? \(|\.?$)/ },
  { pattern: /Database (.+?) (?:does not|doesn't) exist/ },
  { pattern: /No such column (.+?) in table/ },
  { pattern: /[Cc]annot find column [`'](.+?)[`']/ },
  { pattern: /There(?:'s| is) no column [`'](.+?)[`']/ },
  { pattern: /Unknown setting [`']?(.+?)[`']?(?:[.,:]|$)/, next: 'Equals' },
  { pattern: /Unknown (?:output |input )?format [`']?(\w+)[`']?/ },
  { pattern: /Unknown data type family: (\w+)/ },
  { pattern: /Substitution [`'](.+?)[`'] is not set/, next: 'Colon' },
];

/**
 * The position in `failed at position 8 (FRM) (line 1, col 8)` counts UTF-8 bytes from 1. A message
 * may speak of another text (a view's, or a string given to `formatQuery`), so the token that it
 * quotes has to be found at the position.
 */
function syntaxErrorRange(message: string, text: string): Range | undefined {
  const match = /failed at position (\d+) \((end of query\)|[^]?)/.exec(message);
  const [, position, quoted] = match ?? [];
  if (position === undefined || quoted === undefined) return undefined;
  const offset = utf16Offset(text, Number(position) - 1);
  if (offset === undefined) return undefined;
  const tokens = tokenize(text).filter(isSignificant);
  if (quoted === 'end of query)') {
    const rest = text.slice(offset).trimStart();
    const atEnd = rest === '' || rest.startsWith(';');
    return atEnd
      ? toRange(
          tokens.findLast(
            ({ kind, end }) => kind !== 'EndOfStream' && kind !== 'Semicolon' && end <= offset,
          ),
        )
      : undefined;
  }
  if (text.charAt(offset) !== quoted) return undefined;
  const token = tokens.find(({ start, end }) => start <= offset && offset < end);
  return toRange(token) ?? { start: offset, end: offset + 1 };
}

/** The UTF-16 offset of a UTF-8 byte offset, or undefined if the text is shorter. */
function utf16Offset(text: string, byteOffset: number): number | undefined {
  let bytes = 0;
  let offset = 0;
  while (bytes < byteOffset) {
    const code = text.codePointAt(offset);
    if (code === undefined) return undefined;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    offset += code < 0x10000 ? 1 : 2;
  }
  return offset;
}

/** The first place where a name stands, maybe without its leading parts (`default.t` as `t`). */
function findName(text: string, name: string, next: TokenKind | undefined): Range | undefined {
  const tokens = tokenize(text).filter(isSignificant);
  const chains = tokens.flatMap((_, index) => nameChains(text, tokens, index));
  for (let wanted = name; ; wanted = wanted.slice(wanted.indexOf('.') + 1)) {
    const places = chains.filter((chain) => chain.name === wanted);
    const place = places.find(({ follower }) => next && follower === next) ?? places[0];
    if (place !== undefined) return { start: place.start, end: place.end };
    if (!wanted.includes('.')) return undefined;
  }
}

interface NameChain extends Range {
  readonly name: string;
  /** Kind of the token behind it. */
  readonly follower: TokenKind | undefined;
}

/** The names that begin at a token: itself, and with each further part behind a dot. */
function nameChains(text: string, tokens: readonly Token[], at: number): NameChain[] {
  const chains: NameChain[] = [];
  const first = tokens[at];
  if (first === undefined || isKeyword(text, first, 'FORMAT')) return chains;
  let name = '';
  for (let index = at; ; index += 2) {
    const token = tokens[index];
    if (token?.kind !== 'BareWord' && token?.kind !== 'QuotedIdentifier') return chains;
    name += unquote(text, token);
    const follower = tokens[index + 1]?.kind;
    chains.push({ name, start: first.start, end: token.end, follower });
    if (follower !== 'Dot') return chains;
    name += '.';
  }
}

function toRange(token: Token | undefined): Range | undefined {
  return token && { start: token.start, end: token.end };
}
