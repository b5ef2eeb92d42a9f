import { Readable } from 'node:stream';
import type { QuerySource } from '../arrow/spool/querySource.ts';
import { createDecoder } from '../client/decode.ts';
import { UsageError } from '../client/errors.ts';
import type { ContentCoding, RawStream, ReplyMeta, Summary } from '../client/surface.ts';
import { decodedFile, type PartDecoder, readFrom } from './decodedFile.ts';

export interface LinesFile {
  readonly path: string;
  /** A text format. */
  readonly format: string;
  /** One that Node can decode. */
  readonly compression: ContentCoding | 'none';
  /** Bytes to leave out: those of a file that something was added to. Only without compression. */
  readonly start: number;
  /** Of the query that made the file. */
  readonly queryId: string;
}

/** A file of text as if a server sent it: to be loaded as the lines that it has, without any server. */
export function fileLines(file: LinesFile): QuerySource {
  return {
    rawQuery: () => Promise.reject(new UsageError('A file answers no query.')),
    rawStream: (_sql, options) => Promise.resolve(new FileStream(file, options?.signal)),
  };
}

class FileStream implements RawStream {
  readonly meta: ReplyMeta;
  readonly done: Promise<Summary>;
  readonly #file: LinesFile;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  #resolve: (summary: Summary) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(file: LinesFile, signal: AbortSignal | undefined) {
    this.#file = file;
    this.#signal = AbortSignal.any([this.#stop.signal, ...(signal ? [signal] : [])]);
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever reads the bytes gets the error, too.
    this.done.catch(() => undefined);
    this.meta = {
      queryId: file.queryId,
      httpStatus: 200,
      format: file.format,
      timezone: undefined,
      serverName: undefined,
      contentType: undefined,
      contentEncoding: undefined,
      exceptionTag: undefined,
      keepAliveTimeoutSec: undefined,
      summary: undefined,
    };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const started = performance.now();
    let bytes = 0;
    try {
      for await (const chunk of this.#chunks()) {
        bytes += chunk.length;
        yield chunk;
      }
      const ms = performance.now() - started;
      const { queryId } = this.#file;
      this.#resolve({ queryId, bytes, ms, server: undefined, progress: undefined });
    } catch (error) {
      this.#reject(error);
      throw error;
    } finally {
      this.abort();
    }
  }

  toReadable(): Readable {
    return Readable.from(this);
  }

  abort(): void {
    this.#stop.abort();
    this.#reject(new UsageError('The file was not read to its end.'));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.abort();
    return Promise.resolve();
  }

  #chunks(): AsyncIterable<Uint8Array> {
    const { path, start, compression } = this.#file;
    if (compression === 'none') return readFrom(path, start, this.#signal);
    return decodedFile(path, () => createDecoder(compression) as PartDecoder, this.#signal);
  }
}
