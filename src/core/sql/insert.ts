import { isFormatClause } from './formatClause.ts';
import type { TokenSource } from './statementTokens.ts';
import { bracketDepth, isKeyword, type Token } from './token.ts';
import { unquote } from './unquote.ts';

/** What an INSERT statement says about its data. */
export interface InsertParts {
  /** `Values` for VALUES, else the name behind FORMAT. */
  readonly format?: string;
  /** The data that follows the statement proper in the same text; offsets into that text. */
  readonly inlineData?: { readonly start: number; readonly end: number };
}

/** Keywords that may follow the target and its SETTINGS. */
const DATA_KEYWORDS = ['VALUES', 'FORMAT', 'SELECT', 'WITH', 'FROM', 'RETURNING'];

/**
 * Reads `INSERT INTO …` as ClickHouse's ParserInsertQuery does, as far as needed to tell where inline
 * data begins, and finds its end as clickhouse-client does (`ClientBase::analyzeMultiQueryText`).
 */
export class InsertReader {
  readonly #source: TokenSource;

  /** @param source stands behind `INSERT INTO` */
  constructor(source: TokenSource) {
    this.#source = source;
  }

  read(): InsertParts {
    const source = this.#source;
    this.#skipTarget();
    if (source.peek()?.kind === 'OpeningRoundBracket') {
      source.take();
      const selects = ['SELECT', 'WITH', 'FROM'].some((word) => this.#at(word));
      this.#closeBracket();
      if (selects) return this.#select();
    }
    const infile = this.#infile();
    if (source.accept('SETTINGS')) this.#skipTo(DATA_KEYWORDS);
    if (source.accept('RETURNING')) source.takeGroup();
    if (!infile && source.accept('VALUES')) return this.#values();
    if (source.accept('FORMAT')) {
      const name = source.take();
      if (name === undefined) return {};
      const format = unquote(source.text, name);
      if (!infile && format.toUpperCase() === 'VALUES') return this.#values();
      return infile ? this.#rest({ format }) : this.#data(name, format);
    }
    return this.#select();
  }

  #at(keyword: string): boolean {
    return isKeyword(this.#source.text, this.#source.peek(), keyword);
  }

  #skipTarget(): void {
    const source = this.#source;
    source.accept('TABLE');
    if (source.accept('FUNCTION')) {
      source.take();
      if (source.peek()?.kind === 'OpeningRoundBracket') source.takeGroup();
      if (source.accept('PARTITION')) this.#skipTo([...DATA_KEYWORDS, 'SETTINGS']);
      return;
    }
    source.takeGroup();
    if (source.peek()?.kind !== 'Dot') return;
    source.take();
    source.takeGroup();
  }

  #infile(): boolean {
    const source = this.#source;
    if (!this.#at('FROM')) return false;
    source.take();
    if (!source.accept('INFILE')) return false;
    source.take();
    if (source.accept('COMPRESSION')) source.take();
    return true;
  }

  /** Takes the rest of a bracket that is already open. */
  #closeBracket(): void {
    let depth = 1;
    while (depth > 0) {
      const token = this.#source.take();
      if (token === undefined) return;
      depth += bracketDepth(token);
    }
  }

  #skipTo(keywords: readonly string[]): void {
    while (this.#source.peek() !== undefined && !keywords.some((word) => this.#at(word))) {
      this.#source.takeGroup();
    }
  }

  #rest(parts: InsertParts): InsertParts {
    while (this.#source.take() !== undefined);
    return parts;
  }

  /**
   * The data of VALUES and FORMAT Values runs to the next `;` token. clickhouse-client looks for it
   * with a scan that knows only `'…'` and brackets, and so refuses rows with heredocs or with a
   * bracket in a comment that the server itself reads; here the lexer finds it.
   */
  #values(): InsertParts {
    const start = this.#source.peek()?.start;
    const end = this.#source.skipRest();
    if (start === undefined || end === undefined) return { format: 'Values' };
    return { format: 'Values', inlineData: { start, end } };
  }

  /** Only a SELECT that reads `input(…)` takes inline data, behind a FORMAT clause at its end. */
  #select(): InsertParts {
    const source = this.#source;
    let depth = 0;
    let readsInput = false;
    for (;;) {
      const previous = source.tokens.at(-1);
      const token = source.take();
      if (token === undefined) return {};
      depth += bracketDepth(token);
      if (token.kind === 'OpeningRoundBracket' && isKeyword(source.text, previous, 'INPUT')) {
        readsInput = true;
      }
      if (readsInput && depth === 0 && isFormatClause(source.text, previous, token)) {
        const name = source.take();
        if (name !== undefined) return this.#data(name, unquote(source.text, name));
      }
    }
  }

  /**
   * Data of a format other than Values: behind the format's name, spaces and one line end are
   * skipped. The format cannot be parsed here, so, as in clickhouse-client, the data ends before the
   * first empty line, else with the text, and a `;` is part of it. A `;` right behind the name means
   * no data. Line ends may be CR LF, which clickhouse-client does not expect but editors write.
   */
  #data(name: Token, format: string): InsertParts {
    const { text } = this.#source;
    const [gap] = text.slice(name.end, name.end + 1) === ';' ? [] : dataGap(text, name.end);
    if (gap === undefined || name.end + gap.length >= text.length) return this.#rest({ format });
    const start = name.end + gap.length;
    EMPTY_LINE.lastIndex = start;
    const end = EMPTY_LINE.exec(text)?.index ?? text.length;
    return start === end ? { format } : { format, inlineData: { start, end } };
  }
}

const EMPTY_LINE = /\r?\n\r?\n/g;

function dataGap(text: string, position: number): readonly string[] {
  const gap = /[ \t\f]*\r?\n?/y;
  gap.lastIndex = position;
  return gap.exec(text) ?? [];
}
