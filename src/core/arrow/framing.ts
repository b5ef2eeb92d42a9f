import type { Schema } from 'apache-arrow';
import { Message } from 'apache-arrow/ipc/metadata/message';

/** Where a message of an Arrow IPC stream lies. All lengths and offsets in bytes. */
export interface MessageSpan {
  /** Offset of the message's first byte (its FFFFFFFF marker) in the stream. */
  offset: number;
  /** Marker, length and padded metadata; the body starts at `offset + metadataLength`. */
  metadataLength: number;
  bodyLength: number;
}

export type Framed =
  | (MessageSpan & { kind: 'schema'; schema: Schema })
  | (MessageSpan & { kind: 'batch'; rows: number })
  | (MessageSpan & { kind: 'dictionary'; id: number; isDelta: boolean })
  /** The end marker: the stream is whole. */
  | (MessageSpan & { kind: 'end' });

const PREFIX = 8;
const CONTINUATION = -1;

/** The bytes are not an Arrow IPC stream. */
export class ArrowFramingError extends Error {
  override readonly name = 'ArrowFramingError';
  /** Offset in the stream, in bytes. */
  readonly offset: number;

  constructor(offset: number, found: string) {
    super(`Not an Arrow stream: ${found} at byte ${offset}.`);
    this.offset = offset;
  }
}

/**
 * What a message is.
 * @param offset where it starts in the stream
 * @param head its marker, length and metadata
 * @throws ArrowFramingError for a message of another kind
 */
export function describeMessage(offset: number, head: Uint8Array): Framed {
  const metadataLength = head.length;
  if (metadataLength === PREFIX) return { kind: 'end', offset, metadataLength, bodyLength: 0 };
  const message = Message.decode(head.subarray(PREFIX));
  const span = { offset, metadataLength, bodyLength: message.bodyLength };
  if (message.isSchema()) return { ...span, kind: 'schema', schema: message.header() };
  if (message.isRecordBatch()) return { ...span, kind: 'batch', rows: message.header().length };
  if (message.isDictionaryBatch()) {
    const { id, isDelta } = message.header();
    return { ...span, kind: 'dictionary', id, isDelta };
  }
  throw new ArrowFramingError(offset, `a message of type ${message.headerType}`);
}

/**
 * Splits an Arrow IPC stream into its messages while it arrives. Keeps the metadata of one message in memory,
 * never a body.
 */
export class MessageSplitter {
  /** Offset of the message being read. */
  #start = 0;
  /** Its prefix and metadata as far as they came. */
  #head = new Uint8Array(PREFIX);
  #filled = 0;
  #bodyLeft = 0;
  #pending: Framed | undefined;
  #ended = false;

  /** True once the end marker was seen. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The messages that became whole with this chunk, in order. @throws ArrowFramingError */
  push(chunk: Uint8Array): Framed[] {
    const whole: Framed[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.#ended) throw new ArrowFramingError(this.#start, 'bytes after the end marker');
      if (this.#bodyLeft > 0) {
        const step = Math.min(this.#bodyLeft, chunk.length - at);
        this.#bodyLeft -= step;
        at += step;
      } else {
        const step = Math.min(this.#head.length - this.#filled, chunk.length - at);
        this.#head.set(chunk.subarray(at, at + step), this.#filled);
        this.#filled += step;
        at += step;
        if (this.#filled === this.#head.length) this.#headComplete();
      }
      if (this.#pending && this.#bodyLeft === 0) {
        whole.push(this.#pending);
        this.#next(this.#pending);
      }
    }
    return whole;
  }

  #headComplete(): void {
    const view = new DataView(this.#head.buffer);
    const length = view.getInt32(4, true);
    if (this.#head.length === PREFIX) {
      if (view.getInt32(0, true) !== CONTINUATION || length < 0) {
        throw new ArrowFramingError(this.#start, 'no message marker');
      }
      if (length === 0) {
        this.#ended = true;
        this.#pending = describeMessage(this.#start, this.#head);
        return;
      }
      const head = new Uint8Array(PREFIX + length);
      head.set(this.#head);
      this.#head = head;
      return;
    }
    this.#pending = describeMessage(this.#start, this.#head);
    this.#bodyLeft = this.#pending.bodyLength;
  }

  #next(message: Framed): void {
    this.#start = message.offset + message.metadataLength + message.bodyLength;
    this.#head = new Uint8Array(PREFIX);
    this.#filled = 0;
    this.#pending = undefined;
  }
}
