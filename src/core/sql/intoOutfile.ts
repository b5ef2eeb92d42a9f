import { isFormatClause } from './formatClause.ts';
import { readStatement } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** `INTO OUTFILE` of a statement, and the statement as a server takes it: without that clause. */
export interface IntoOutfile {
  /** The statement with the clause cut out; all else is as it was, also FORMAT and SETTINGS. */
  readonly sql: string;
  /** The file as the statement names it; may be relative or empty. */
  readonly file: string;
  readonly append: boolean;
  readonly truncate: boolean;
  /** The result is to be shown as well. */
  readonly andStdout: boolean;
  /** The text behind COMPRESSION. */
  readonly compression?: string;
  /** The number behind LEVEL, as written. */
  readonly level?: string;
  /** The name behind FORMAT, as written. */
  readonly format?: string;
}

/**
 * Finds `INTO OUTFILE 'f' [APPEND] [TRUNCATE] [AND STDOUT] [COMPRESSION 'c' [LEVEL n]]` where ClickHouse's
 * ParserQueryWithOutput takes it: behind the statement, outside of brackets, with only FORMAT and SETTINGS
 * behind it.
 * @param statement one statement, without the `;` that ends it.
 * @returns undefined without such a clause, and for one that ClickHouse refuses: the server says then what
 *   is wrong with it, and where.
 */
export function intoOutfile(statement: string): IntoOutfile | undefined {
  const { tokens } = readStatement(statement);
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    depth += bracketDepth(token);
    if (depth !== 0) continue;
    // Behind FORMAT the clause is refused.
    if (isFormatWithName(statement, tokens, index)) return undefined;
    if (!isKeyword(statement, token, 'INTO')) continue;
    const found = new ClauseReader(statement, tokens, index).read();
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFormatWithName(text: string, tokens: readonly Token[], index: number): boolean {
  const token = tokens[index];
  if (token === undefined || !isFormatClause(text, tokens[index - 1], token)) return false;
  const name = tokens[index + 1];
  const isName = name?.kind === 'BareWord' || name?.kind === 'QuotedIdentifier';
  // Else it is an alias: `SELECT 1 format, 2`.
  const next = tokens[index + 2];
  return (
    isName &&
    (next === undefined || isKeyword(text, next, 'INTO') || isKeyword(text, next, 'SETTINGS'))
  );
}

class ClauseReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #first: number;
  #at: number;

  constructor(text: string, tokens: readonly Token[], first: number) {
    this.#text = text;
    this.#tokens = tokens;
    this.#first = first;
    this.#at = first;
  }

  read(): IntoOutfile | undefined {
    if (!this.#accept('INTO', 'OUTFILE')) return undefined;
    const file = this.#string();
    if (file === undefined) return undefined;
    const append = this.#accept('APPEND');
    const truncate = this.#accept('TRUNCATE');
    const andStdout = this.#accept('AND', 'STDOUT');
    const isCompressed = this.#accept('COMPRESSION');
    const compression = isCompressed ? this.#string() : undefined;
    if (isCompressed && compression === undefined) return undefined;
    const hasLevel = isCompressed && this.#accept('LEVEL');
    const level = hasLevel ? this.#number() : undefined;
    if (hasLevel && level === undefined) return undefined;
    const end = this.#tokens[this.#at - 1]?.end ?? 0;
    const rest = this.#rest();
    if (rest === undefined) return undefined;
    return {
      sql: this.#without(end),
      file,
      append,
      truncate,
      andStdout,
      ...(compression !== undefined && { compression }),
      ...(level !== undefined && { level }),
      ...rest,
    };
  }

  /** FORMAT and SETTINGS, in either order; undefined if there is anything else. */
  #rest(): { format?: string } | undefined {
    let format: string | undefined;
    for (;;) {
      const token = this.#tokens[this.#at];
      if (token === undefined) return format === undefined ? {} : { format };
      if (format === undefined && this.#accept('FORMAT')) {
        const name = this.#tokens[this.#at++];
        if (name?.kind !== 'BareWord' && name?.kind !== 'QuotedIdentifier') return undefined;
        format = unquote(this.#text, name);
      } else if (this.#accept('SETTINGS')) this.#skipSettings();
      else return undefined;
    }
  }

  /** To the FORMAT behind the settings, or to the end; the server judges what stands there. */
  #skipSettings(): void {
    let depth = 0;
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      const isFormat = isKeyword(this.#text, token, 'FORMAT');
      // A setting may have that name.
      if (depth === 0 && isFormat && this.#tokens[this.#at + 1]?.kind !== 'Equals') return;
      depth += bracketDepth(token);
      this.#at++;
    }
  }

  #accept(...keywords: string[]): boolean {
    const isThere = keywords.every((keyword, offset) =>
      isKeyword(this.#text, this.#tokens[this.#at + offset], keyword),
    );
    if (isThere) this.#at += keywords.length;
    return isThere;
  }

  /** A text between quotes or in a heredoc; not `x'…'` and `b'…'`, which nobody writes for a file. */
  #string(): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'StringLiteral' && token?.kind !== 'HereDoc') return undefined;
    if (/\w/.test(this.#text.charAt(token.start))) return undefined;
    this.#at++;
    return unquote(this.#text, token);
  }

  #number(): string | undefined {
    const start = this.#tokens[this.#at];
    if (start?.kind === 'Minus') this.#at++;
    const token = this.#tokens[this.#at];
    if (start === undefined || token?.kind !== 'Number') return undefined;
    this.#at++;
    return this.#text.slice(start.start, token.end);
  }

  #without(end: number): string {
    const start = this.#tokens[this.#first]?.start ?? 0;
    const before = this.#text.slice(0, start);
    const after = this.#text.slice(end);
    // Nothing is left behind it but white space: a file of one line keeps its one line.
    return after.trim() === '' ? `${before.trimEnd()}${after}` : before + after.trimStart();
  }
}
