/** Error texts are cut at 16 KiB by the server; the marks around them are short. */
const HELD_BYTES = 64 * 1024;
/** What servers write before the text of an error; those since 25.11 name a random tag. */
const MARK = /(?:\r\n)?__exception__\r\n(?:[^\r\n]+\r\n)?Code: \d+\. DB::/;

/**
 * Passes data on, but for the error that a server wrote behind it when the query failed. Files compressed
 * by the server hold it: their bytes are saved untouched. It can only be at the end.
 */
export class ErrorTextCut {
  readonly #receive: (bytes: Uint8Array) => void;
  #held = Buffer.alloc(0);

  constructor(receive: (bytes: Uint8Array) => void) {
    this.#receive = receive;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#held, chunk]);
    const sure = Math.max(0, bytes.length - HELD_BYTES);
    if (sure > 0) this.#receive(bytes.subarray(0, sure));
    this.#held = bytes.subarray(sure);
  }

  /** Call once, when no more data comes. */
  end(): void {
    const at = this.#held.toString('latin1').search(MARK);
    this.#receive(at < 0 ? this.#held : this.#held.subarray(0, at));
  }
}
