import * as zlib from 'node:zlib';
import type { Transform } from 'node:stream';
import type { BodyReceiver, BodySource } from './exchange.ts';
import { ProtocolError, UsageError } from './errors.ts';

const CHUNK_BYTES = 256 * 1024;
/** How exactly it is told where in a compressed body an error text begins. */
const INSPECTED_BYTES = 64 * 1024;

/**
 * A decoder for a content coding, or undefined for `identity`.
 * @throws UsageError for zstd on a Node older than 22.15; ProtocolError for a coding never asked for.
 */
export function createDecoder(coding: string | undefined): Transform | undefined {
  const options = { chunkSize: CHUNK_BYTES };
  switch (coding) {
    case undefined:
    case '':
    case 'identity':
      return undefined;
    case 'gzip':
      return zlib.createGunzip(options);
    case 'deflate':
      return zlib.createInflate(options);
    case 'br':
      return zlib.createBrotliDecompress(options);
    case 'zstd':
      return zstd(options);
    default:
      throw new ProtocolError(
        `The reply has the content coding "${coding}", which was not asked for.`,
        undefined,
        {
          hint: 'A proxy may have compressed it.',
        },
      );
  }
}

function zstd(options: { chunkSize: number }): Transform {
  // Absent before Node 22.15, whatever the types say.
  const create = zlib.createZstdDecompress as typeof zlib.createZstdDecompress | undefined;
  if (create === undefined) {
    throw new UsageError('This Node cannot decode zstd.', {
      hint: 'Use Node 22.15 or newer, or compression "gzip".',
    });
  }
  return create(options);
}

/** A decoder with a count of what it got. It tells the receiver the end, once: what was not used came after it. */
class Feed {
  readonly #decoder: Transform;
  readonly #receiver: BodyReceiver;
  #bytes = 0;
  #over = false;
  #cut: Error | undefined;

  constructor(decoder: Transform, receiver: BodyReceiver) {
    this.#decoder = decoder;
    this.#receiver = receiver;
    decoder.on('end', () => {
      this.#finish(this.#cut ?? this.#excess());
    });
    decoder.on('error', (error) => {
      this.#finish(this.#cut ?? error);
    });
  }

  /** True once the receiver was told the end: nothing may follow. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * False asks to wait until the decoder drains.
   * @param onDecoded called when the receiver has seen what the input up to here holds, with its bytes.
   */
  write(chunk: Buffer, onDecoded?: (inputBytes: number) => void): boolean {
    if (this.#over) return true;
    this.#bytes += chunk.length;
    const upTo = this.#bytes;
    // A copy: it is decoded on another thread, later.
    return this.#decoder.write(Buffer.from(chunk), () => {
      if (this.#decoder.readableLength === 0) onDecoded?.(upTo);
    });
  }

  /** Ends the input; a body without any byte is an empty result, not a cut one. */
  end(): void {
    if (this.#bytes === 0) this.#finish(this.#cut);
    else this.#decoder.end();
  }

  /** The body broke off. What was received is decoded first: it may hold the server's own error. */
  cut(error: Error): void {
    this.#cut = error;
    this.end();
  }

  #finish(error: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    if (error === undefined) this.#receiver.end();
    else this.#receiver.error(error);
  }

  /** zlib ignores such bytes, and an error text can be among them. */
  #excess(): ProtocolError | undefined {
    const used = (this.#decoder as Transform & { readonly bytesWritten: number }).bytesWritten;
    if (used === this.#bytes) return undefined;
    return new ProtocolError(
      `The reply has ${this.#bytes - used} bytes after the end of its compressed data.`,
      undefined,
      { hint: 'Run the statement again with compression "none" to see them.' },
    );
  }
}

/** Puts a decoder between a source and its receiver, with back-pressure kept in both directions. */
export function decoded(source: BodySource, decoder: Transform | undefined): BodySource {
  if (decoder === undefined) return source;
  return {
    start(receiver: BodyReceiver): void {
      const feed = new Feed(decoder, receiver);
      decoder.on('data', (chunk: Buffer) => {
        if (!feed.over && !receiver.data(chunk)) decoder.pause();
      });
      decoder.on('drain', () => {
        source.resume();
      });
      source.start({
        data: (chunk) => feed.write(chunk),
        end: () => {
          feed.end();
        },
        error: (error) => {
          feed.cut(error);
        },
      });
    },
    resume(): void {
      decoder.resume();
    },
  };
}

/**
 * Passes compressed bytes on as they are, and decodes a second time for `inspect` only: the server's
 * error text is compressed like the data. Ends when both are through; a body that cannot be decoded
 * to its end fails.
 * @param onInspected called after `inspect` with the compressed bytes that it has seen decoded so far.
 */
export function inspected(
  source: BodySource,
  decoder: Transform,
  inspect: (decodedChunk: Buffer) => void,
  onInspected: (compressedBytes: number) => void,
): BodySource {
  let receiverReady = true;
  let decoderReady = true;
  const resume = (): void => {
    if (receiverReady && decoderReady) source.resume();
  };
  return {
    start(receiver: BodyReceiver): void {
      const feed = new Feed(decoder, receiver);
      decoder.on('data', inspect);
      decoder.on('drain', () => {
        decoderReady = true;
        resume();
      });
      source.start({
        data: (chunk) => {
          receiverReady = receiver.data(chunk);
          for (let at = 0; at < chunk.length; at += INSPECTED_BYTES) {
            const part = chunk.subarray(at, at + INSPECTED_BYTES);
            decoderReady = feed.write(part, onInspected);
          }
          return receiverReady && decoderReady;
        },
        end: () => {
          feed.end();
        },
        error: (error) => {
          feed.cut(error);
        },
      });
    },
    resume(): void {
      receiverReady = true;
      resume();
    },
  };
}

/** True for codings that this Node can decode. */
export function isDecodable(coding: string): boolean {
  if (coding === 'zstd') return 'createZstdDecompress' in zlib;
  return coding === 'gzip' || coding === 'deflate' || coding === 'br';
}
