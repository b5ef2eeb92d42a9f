/** Enough for any error text that servers before 25.11 append; theirs are cut at 16 KiB. */
const TAIL_BYTES = 64 * 1024;

/** Keeps a copy of the end of a body, at least of its last 64 KiB. */
export class BodyTail {
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  push(chunk: Buffer): void {
    const end = Buffer.from(chunk.subarray(-TAIL_BYTES));
    this.#chunks.push(end);
    this.#bytes += end.length;
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      if (this.#bytes - first.length < TAIL_BYTES) return;
      this.#chunks.shift();
      this.#bytes -= first.length;
    }
  }

  /** Bytes as Latin-1, so that offsets are byte offsets and binary data does no harm. */
  latin1(): string {
    return Buffer.concat(this.#chunks).toString('latin1').slice(-TAIL_BYTES);
  }
}

const MARKER = '__exception__\r\nCode: ';
const ERROR_START = /Code: \d+(?:\.|, e\.displayText\(\) =) DB::\w*Exception: /g;
/** How complete error texts end: with the version, with `e.what()` on old servers, or with the error's name. */
const ERROR_END =
  /(?:\(version [^()\n]+(?:\([^()\n]*\))?\)|, e\.what\(\) = [\w:]+|\([A-Z][A-Z0-9_]{2,}\))\s*$/;

/** Old texts may end with nothing of this kind; then at least no data may follow. */
const ONE_LINE = /^[^\x00-\x1f]*$/;
/** The end of a quoted value: data. The server's text stands bare. */
const CLOSED = /["'}\]>]\)?[,;]?$/;

/**
 * The error that servers 24.11 to 25.10 write before they break the framing of a body: `__exception__`,
 * CRLF and the text, at the very end (ClickHouse/ClickHouse#68800).
 * @param tail from `BodyTail.latin1`
 */
export function markedError(tail: string): string | undefined {
  const at = tail.lastIndexOf(MARKER);
  const text = tail.slice(at + '__exception__\r\n'.length);
  return at >= 0 && ERROR_END.test(text) ? utf8(text) : undefined;
}

/**
 * An error text at the very end of a body, as servers before 24.11 append it to the rows without any
 * mark, with an orderly end. Data can look the same, so this is a suspicion and no proof.
 * @param tail from `BodyTail.latin1`
 */
export function appendedError(tail: string): string | undefined {
  const end = tail.trimEnd();
  const start = outermost(end);
  if (start === undefined) return undefined;
  const text = end.slice(start);
  return ERROR_END.test(text) || (ONE_LINE.test(text) && !CLOSED.test(text))
    ? utf8(text)
    : undefined;
}

/** Start of the last error text; one that a text quotes before its own end belongs to that text. */
function outermost(text: string): number | undefined {
  let start: number | undefined;
  for (const { index } of [...text.matchAll(ERROR_START)].reverse()) {
    if (start !== undefined && ERROR_END.test(text.slice(index, start))) return start;
    start = index;
  }
  return start;
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8').trim();
}
