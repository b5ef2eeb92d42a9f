import { findFormat } from '../transfer/formats.ts';
import { canEncodeZstd, type UploadCoding } from './compress.ts';
import type { Connection } from './connection.ts';
import { serverEra } from './serverEra.ts';
import type { UploadCompression } from './surface.ts';

/** Smaller uploads are sent as they are: there is nothing to gain. */
const UNCOMPRESSED_BYTES = 64 * 1024;

/**
 * What plain data is compressed with on its way to the server; undefined: nothing. By itself only text is, for
 * servers that are not this machine.
 */
export async function uploadCoding(
  connection: Connection,
  {
    compression,
    format,
    bytes = Infinity,
  }: {
    readonly compression: UploadCompression;
    readonly format: string;
    readonly bytes: number | undefined;
  },
): Promise<UploadCoding | undefined> {
  if (compression !== 'auto') return compression === 'none' ? undefined : compression;
  const isText = findFormat(format)?.kind === 'text';
  if (connection.hosts.inUse.endpoint.loopback || !isText || bytes < UNCOMPRESSED_BYTES) {
    return undefined;
  }
  if (!canEncodeZstd()) return 'gzip';
  const version = await connection.serverInfo().then(
    (info) => info.version,
    () => undefined,
  );
  return version !== undefined && serverEra(version).readsZstd ? 'zstd' : 'gzip';
}
