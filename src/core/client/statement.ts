import type { Readable } from 'node:stream';
import type { Host } from './hosts.ts';
import type { Lane } from './pool.ts';
import type { SessionParams } from './request.ts';
import type { QueryProgress, RequestOptions } from './surface.ts';

/** A statement on its way to the server. */
export interface Statement {
  readonly sql: string;
  readonly options: Omit<RequestOptions, 'onProgress'> & {
    onProgress?: ((progress: QueryProgress) => void) | undefined;
  };
  /** True: it may change data, so it is never repeated once the server may have seen it. */
  readonly writes: boolean;
  readonly buffered?: boolean;
  readonly lane?: Lane;
  /** Data to send; the statement then travels in the URL. */
  readonly upload?: Upload;
  /** Tells the server to drop this session with the statement; takes no turn in its queue. */
  readonly closesSession?: SessionParams;
  /** Goes to this host only. */
  readonly host?: Host;
  /** Told which host answered. */
  readonly onReply?: (host: Host) => void;
}

export interface Upload {
  readonly body: string | Uint8Array | Readable | AsyncIterable<Uint8Array>;
  readonly contentEncoding?: string | undefined;
  /** Content-Length, where known. */
  readonly bytes?: number | undefined;
}

/** An insert of data that names itself, so that the server drops a second copy. */
export function isDeduplicated({ upload, options }: Statement): boolean {
  return upload !== undefined && (options.settings?.['insert_deduplication_token'] ?? '') !== '';
}

/** A stream can be sent once. */
export function isReplayable({ upload, options }: Statement): boolean {
  const bodies = [
    ...(upload === undefined ? [] : [upload.body]),
    ...Object.values(options.externalData ?? {}).map((table) => table.source),
  ];
  return bodies.every(
    (body) => typeof body === 'string' || body instanceof Uint8Array || body instanceof Blob,
  );
}
