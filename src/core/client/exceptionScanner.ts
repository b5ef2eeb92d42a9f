/** An exception found in a body is kept up to this size; the server's own texts are far smaller. */
const MAX_EXCEPTION_BYTES = 16 * 1024 * 1024;

/**
 * Splits a body into data and the exception that servers since 25.11 append when a query fails after
 * its first bytes were sent:
 *
 *     data \r\n__exception__\r\n<TAG>\r\n<message>\n<length> <TAG>\r\n__exception__\r\n
 *
 * TAG is random and known from the header `X-ClickHouse-Exception-Tag`, so data cannot forge it. A bare
 * `\r\n` or the word `__exception__` in data is data (ClickHouse/clickhouse-js#514).
 */
export class ExceptionScanner {
  readonly #needle: Buffer;
  readonly #tag: string;
  /** The end of the last chunk, when it may be the start of the marker. */
  #held: Buffer | undefined;
  #exception: Buffer[] | undefined;
  #exceptionBytes = 0;

  constructor(tag: string) {
    this.#tag = tag;
    this.#needle = Buffer.from(`\r\n__exception__\r\n${tag}`, 'latin1');
  }

  /** The part of the body that is certainly data, or undefined when there is none yet. */
  push(chunk: Buffer): Buffer | undefined {
    if (this.#exception !== undefined) {
      this.#keep(this.#exception, chunk);
      return undefined;
    }
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    const at = bytes.indexOf(this.#needle);
    if (at >= 0) {
      this.#exception = [];
      this.#keep(this.#exception, bytes.subarray(at + this.#needle.length));
      return at > 0 ? bytes.subarray(0, at) : undefined;
    }
    const safe = bytes.length - this.#partialMarker(bytes);
    // Copied, so that a held byte does not keep a whole chunk in memory.
    if (safe < bytes.length) this.#held = Buffer.from(bytes.subarray(safe));
    return safe > 0 ? bytes.subarray(0, safe) : undefined;
  }

  /** False from the first byte on that may belong to a frame. */
  get onlyData(): boolean {
    return this.#exception === undefined && this.#held === undefined;
  }

  /** What was held back and turned out to be data. Call at the end of the body, once. */
  flush(): Buffer | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** The server's text, when an exception was found; cut short if the body was. */
  message(): string | undefined {
    if (this.#exception === undefined) return undefined;
    const text = Buffer.concat(this.#exception)
      .toString('utf8')
      .replace(/^\r?\n/, '');
    const close = text.lastIndexOf(` ${this.#tag}`);
    const body = close < 0 ? text : text.slice(0, close).replace(/\n\d+$/, '');
    return body.trim();
  }

  #keep(kept: Buffer[], bytes: Buffer): void {
    const room = MAX_EXCEPTION_BYTES - this.#exceptionBytes;
    if (room <= 0) return;
    kept.push(Buffer.from(bytes.subarray(0, room)));
    this.#exceptionBytes += Math.min(room, bytes.length);
  }

  /** Length of the longest end of `bytes` that the marker could start with. */
  #partialMarker(bytes: Buffer): number {
    const from = Math.max(0, bytes.length - this.#needle.length + 1);
    let at = bytes.indexOf(0x0d, from);
    while (at >= 0) {
      const length = bytes.length - at;
      if (bytes.compare(this.#needle, 0, length, at) === 0) return length;
      at = bytes.indexOf(0x0d, at + 1);
    }
    return 0;
  }
}
