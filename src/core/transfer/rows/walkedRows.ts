/** What a walk through a file asks for: bytes to look at, bytes or length-prefixed texts to pass over; or rows it found. */
export type Step =
  | { readonly read: number }
  | { readonly skip: number }
  | { readonly texts: number }
  | { readonly rows: number };

/** Gets the bytes of `read`, valid until the next step; throws for a file that it does not know. Ending passes over the rest. */
export type Walk = Generator<Step, void, Buffer>;

const NOTHING: Buffer = Buffer.alloc(0);
/** More than any length or name that a walk reads; only broken files say more. */
const MAX_READ_BYTES = 16 * 1024 * 1024;

/** Walks through the bytes of a file as they come, and keeps none but those that the walk looks at. */
export class WalkedRows {
  readonly #walk: Walk;
  #step: Step | undefined;
  #rows = 0;
  #failed = false;
  /** Bytes, or texts, still to pass over. */
  #left = 0;
  /** Of a text's length: its bits so far, and how many. */
  #length = 0;
  #shift = 0;
  #textBytes = 0;
  #held: Buffer = NOTHING;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.#next(NOTHING);
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = 0;
    while (this.#step !== undefined && at < bytes.length) at = this.#take(bytes, at);
  }

  get rows(): number | undefined {
    const isBetween = this.#step === undefined || ('read' in this.#step && this.#held.length === 0);
    return this.#failed || !isBetween ? undefined : this.#rows;
  }

  #take(bytes: Buffer, at: number): number {
    const step = this.#step;
    if (step === undefined) return bytes.length;
    if ('read' in step) return this.#read(step.read, bytes, at);
    if ('texts' in step) return this.#texts(bytes, at);
    const skipped = Math.min(this.#left, bytes.length - at);
    this.#left -= skipped;
    if (this.#left === 0) this.#next(NOTHING);
    return at + skipped;
  }

  #read(wanted: number, bytes: Buffer, at: number): number {
    const end = Math.min(at + wanted - this.#held.length, bytes.length);
    const part = bytes.subarray(at, end);
    const whole = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    if (whole.length === wanted) {
      this.#held = NOTHING;
      this.#next(whole);
    } else {
      this.#held = this.#held.length === 0 ? Buffer.from(part) : whole;
    }
    return end;
  }

  /** Columns of texts are most of many files, so this is a loop of its own. */
  #texts(bytes: Buffer, from: number): number {
    let at = from;
    let left = this.#left;
    let skip = this.#textBytes;
    while (left > 0 && at < bytes.length) {
      if (skip > 0) {
        const skipped = Math.min(skip, bytes.length - at);
        at += skipped;
        skip -= skipped;
        if (skip === 0) left--;
        continue;
      }
      const byte = bytes[at++] ?? 0;
      this.#length += (byte & 0x7f) * 2 ** this.#shift;
      if (byte >= 0x80) {
        this.#shift += 7;
        continue;
      }
      skip = this.#length;
      this.#length = 0;
      this.#shift = 0;
      if (skip === 0) left--;
    }
    this.#left = left;
    this.#textBytes = skip;
    if (left === 0) this.#next(NOTHING);
    return at;
  }

  #next(given: Buffer): void {
    let input = given;
    try {
      for (;;) {
        const { value, done } = this.#walk.next(input);
        input = NOTHING;
        if (done === true) {
          this.#step = undefined;
          return;
        }
        if (!this.#isDone(value)) {
          this.#step = value;
          return;
        }
      }
    } catch {
      this.#failed = true;
      this.#step = undefined;
    }
  }

  /** True where the step needs no bytes. @throws RangeError for sizes that no file has */
  #isDone(step: Step): boolean {
    if ('rows' in step) {
      this.#rows += step.rows;
      return true;
    }
    const size = 'read' in step ? step.read : 'skip' in step ? step.skip : step.texts;
    const most = 'read' in step ? MAX_READ_BYTES : Number.MAX_SAFE_INTEGER;
    if (!(size >= 0 && size <= most)) throw new RangeError('No file has this size.');
    this.#left = size;
    return size === 0;
  }
}
