import { readStatement } from './statementTokens.ts';
import { isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** `INSERT INTO … FROM INFILE …`, which only a client can run: the file is on its machine. */
export interface FromInfile {
  /** The table as the statement names it, quotes included. */
  readonly table: string;
  /** Undefined: none are listed. */
  readonly columns?: readonly string[];
  /** The file as the statement names it; may be relative, and a pattern. */
  readonly file: string;
  /** The text behind COMPRESSION. */
  readonly compression?: string;
  /** The name behind FORMAT, as written. */
  readonly format?: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Reads `INSERT INTO [TABLE] t [(columns)] FROM INFILE 'f' [COMPRESSION 'c'] [SETTINGS n = v, …] [FORMAT F]`.
 * @param statement one statement, without the `;` that ends it.
 * @returns undefined for any other statement, also for one that ClickHouse refuses or that inserts into a
 *   function: the server says then what is wrong with it.
 */
export function fromInfile(statement: string): FromInfile | undefined {
  return new InfileReader(statement, readStatement(statement).tokens).read();
}

class InfileReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): FromInfile | undefined {
    if (!this.#accept('INSERT') || !this.#accept('INTO')) return undefined;
    if (isKeyword(this.#text, this.#token, 'FUNCTION')) return undefined;
    this.#accept('TABLE');
    const table = this.#table();
    const columns = this.#columns();
    if (table === undefined || columns === undefined) return undefined;
    if (!this.#accept('FROM') || !this.#accept('INFILE')) return undefined;
    const file = this.#string();
    if (file === undefined) return undefined;
    const isCompressed = this.#accept('COMPRESSION');
    const compression = isCompressed ? this.#string() : undefined;
    if (isCompressed && compression === undefined) return undefined;
    const settings = this.#accept('SETTINGS') ? this.#settings() : {};
    if (settings === undefined) return undefined;
    const hasFormat = this.#accept('FORMAT');
    const format = hasFormat ? this.#name() : undefined;
    if ((hasFormat && format === undefined) || this.#token !== undefined) return undefined;
    return {
      table,
      file,
      settings,
      ...(columns.length > 0 && { columns }),
      ...(compression !== undefined && { compression }),
      ...(format !== undefined && { format }),
    };
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #accept(keyword: string): boolean {
    const isThere = isKeyword(this.#text, this.#token, keyword);
    if (isThere) this.#at++;
    return isThere;
  }

  #take(kind: Token['kind']): boolean {
    const isThere = this.#token?.kind === kind;
    if (isThere) this.#at++;
    return isThere;
  }

  #name(): string | undefined {
    const token = this.#token;
    if (token?.kind !== 'BareWord' && token?.kind !== 'QuotedIdentifier') return undefined;
    this.#at++;
    return unquote(this.#text, token);
  }

  #table(): string | undefined {
    const start = this.#token?.start ?? 0;
    if (this.#name() === undefined) return undefined;
    if (this.#take('Dot') && this.#name() === undefined) return undefined;
    return this.#text.slice(start, this.#tokens[this.#at - 1]?.end);
  }

  /** Empty without a list. */
  #columns(): string[] | undefined {
    const columns: string[] = [];
    if (!this.#take('OpeningRoundBracket')) return columns;
    do {
      const name = this.#name();
      if (name === undefined) return undefined;
      columns.push(name);
    } while (this.#take('Comma'));
    return this.#take('ClosingRoundBracket') ? columns : undefined;
  }

  #string(): string | undefined {
    const token = this.#token;
    if (token?.kind !== 'StringLiteral' && token?.kind !== 'HereDoc') return undefined;
    this.#at++;
    return unquote(this.#text, token);
  }

  #settings(): Record<string, string> | undefined {
    const settings: Record<string, string> = {};
    do {
      const name = this.#name();
      if (name === undefined || !this.#take('Equals')) return undefined;
      const value = this.#value();
      if (value === undefined) return undefined;
      settings[name] = value;
    } while (this.#take('Comma'));
    return settings;
  }

  #value(): string | undefined {
    const start = this.#token;
    const string = this.#string();
    if (string !== undefined) return string;
    this.#take('Minus');
    const token = this.#token;
    if (start === undefined || (token?.kind !== 'Number' && token?.kind !== 'BareWord')) {
      return undefined;
    }
    this.#at++;
    return this.#text.slice(start.start, token.end);
  }
}
