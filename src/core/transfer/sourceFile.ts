import { open, stat } from 'node:fs/promises';
import * as zlib from 'node:zlib';
import { FileError } from '../client/errors.ts';
import type { ContentCoding } from '../client/surface.ts';
import { codingOfBytes, codingOfName, fitsCoding } from './codings.ts';
import { fileError } from './fileErrors.ts';
import { findFormat, type FormatInfo, formatSuffix, guessInputFormat } from './formats.ts';

/** A file as it is to be read: what it is, how it is compressed, how it begins. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was changed last, milliseconds. */
  readonly modified: number;
  readonly coding: ContentCoding | undefined;
  /** As chosen, or by the suffix; not yet decided between with and without a header line. */
  readonly format: string;
  /** The catalogue's entry, for formats it knows. */
  readonly info: FormatInfo | undefined;
  /** The decoded beginning of the file, 40 KiB at most; undefined when this Node cannot decode it. */
  readonly head: Buffer | undefined;
  /** True: `head` is all that is in the file. */
  readonly headIsWhole: boolean;
}

const HEAD_BYTES = 64 * 1024;
/** A parameter takes 128 KiB, and bytes that are no UTF-8 become three each. */
const MOST_DECODED_BYTES = 40 * 1024;
const PEEK_BYTES = 16;
const FORMAT_MAGIC: Readonly<Record<string, string>> = {
  Parquet: 'PAR1',
  ORC: 'ORC',
  Arrow: 'ARROW1',
  Avro: 'Obj\x01',
};

/**
 * Opens a file, finds format and coding, and checks both against its first bytes.
 * @throws FileError: not readable, a folder, unknown format (code `FORMAT`), bytes that contradict the
 *   name (code `MAGIC`), UTF-16 text (code `ENCODING`).
 */
export async function inspectFile(
  path: string,
  choice: { format?: string | undefined; contentEncoding?: ContentCoding | 'none' | undefined },
): Promise<SourceFile> {
  const { bytes, modified, start } = await readStart(path);
  const coding = chooseCoding(path, start, choice.contentEncoding);
  const info = choice.format === undefined ? guessInputFormat(path) : findFormat(choice.format);
  const format = choice.format ?? info?.name;
  if (format === undefined) {
    throw new FileError(path, `The suffix of ${path} tells no format.`, 'FORMAT', {
      hint: 'Choose the format.',
    });
  }
  const decoded = coding === undefined ? start : decodeStart(start, coding);
  const head = decoded?.subarray(0, MOST_DECODED_BYTES);
  const headIsWhole = start.length === bytes && decoded?.length === head?.length;
  checkFormatMagic(path, info, head);
  if (info?.kind === 'text') checkEncoding(path, head);
  return { path, bytes, modified, coding, format, info, head, headIsWhole };
}

async function readStart(
  path: string,
): Promise<{ bytes: number; modified: number; start: Buffer }> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new FileError(path, `${path} is a folder.`, 'EISDIR', { hint: 'Choose a file.' });
    }
    const file = await open(path, 'r');
    try {
      const buffer = Buffer.alloc(HEAD_BYTES);
      const { bytesRead } = await file.read(buffer, 0, HEAD_BYTES, 0);
      return { bytes: found.size, modified: found.mtimeMs, start: buffer.subarray(0, bytesRead) };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof FileError ? error : fileError(path, `read ${path}`, error);
  }
}

function chooseCoding(
  path: string,
  start: Buffer,
  chosen: ContentCoding | 'none' | undefined,
): ContentCoding | undefined {
  if (start.subarray(0, 4).toString('latin1') === 'PK\x03\x04' && formatSuffix(path) !== 'npz') {
    throw new FileError(
      path,
      `${path} is a ZIP archive, which ClickHouse does not read.`,
      'MAGIC',
      {
        hint: 'Unpack it first.',
      },
    );
  }
  const coding = chosen === 'none' ? undefined : (chosen ?? codingOfName(path));
  const head = start.subarray(0, PEEK_BYTES);
  if (coding !== undefined && start.length > 0 && !fitsCoding(head, coding)) {
    throw new FileError(path, `${path} is not compressed with ${coding}.`, 'MAGIC', {
      hint: 'Rename the file, or choose the right compression.',
    });
  }
  const proven = codingOfBytes(head);
  if (coding === undefined && chosen === undefined && proven !== undefined) {
    throw new FileError(
      path,
      `${path} is compressed with ${proven}, but its name does not say so.`,
      'MAGIC',
      {
        hint: `Rename the file, or choose the compression ${proven}.`,
      },
    );
  }
  return coding;
}

function checkFormatMagic(
  path: string,
  info: FormatInfo | undefined,
  head: Buffer | undefined,
): void {
  const magic = info === undefined ? undefined : FORMAT_MAGIC[info.name];
  if (magic === undefined || head === undefined) return;
  if (head.subarray(0, magic.length).toString('latin1') === magic) return;
  throw new FileError(path, `${path} does not begin like a ${info?.name ?? ''} file.`, 'MAGIC', {
    hint: 'The file may be damaged or of another format.',
  });
}

/** ClickHouse reads UTF-8 and would take such a file as one of odd names and NUL characters. */
function checkEncoding(path: string, head: Buffer | undefined): void {
  const mark = head?.subarray(0, 2).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return;
  throw new FileError(path, `${path} is UTF-16 text, ClickHouse reads UTF-8.`, 'ENCODING', {
    hint: 'Save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8.',
  });
}

/** The beginning of a text without its last line, which is probably cut, unless it is all there is. */
export function wholeLines({ head, headIsWhole }: SourceFile): string {
  if (head === undefined) return '';
  const end = headIsWhole ? head.length : head.lastIndexOf(0x0a) + 1;
  return head.subarray(0, end > 0 ? end : head.length).toString('utf8');
}

/** The start of a compressed file, decoded as far as it goes. */
function decodeStart(start: Buffer, coding: ContentCoding): Buffer | undefined {
  const zstd = zlib.zstdDecompressSync as typeof zlib.zstdDecompressSync | undefined;
  try {
    switch (coding) {
      case 'gzip':
        return zlib.gunzipSync(start, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      case 'deflate':
        return zlib.inflateSync(start, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      case 'br':
        return zlib.brotliDecompressSync(start, {
          finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
        });
      case 'zstd':
        return zstd?.(start, { finishFlush: zlib.constants.ZSTD_e_flush });
      case 'lz4':
      case 'xz':
      case 'bz2':
      case 'snappy':
        return undefined;
    }
  } catch {
    return undefined;
  }
}
