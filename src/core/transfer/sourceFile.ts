import { open, stat } from 'node:fs/promises';
import { FileError } from '../client/errors.ts';
import type { ContentCoding } from '../client/surface.ts';
import { decodeStart, endsEarly } from './detect/compressedStart.ts';
import { checkTar, codingOfFile, type Trust } from './detect/fileCoding.ts';
import {
  type FileHead,
  formatOfFile,
  type FoundFormat,
  likelyFormats,
} from './detect/fileFormat.ts';
import type { OtherFormat } from './detect/otherFormat.ts';
import { fileError } from './fileErrors.ts';
import { findFormat, type FormatInfo } from './formats.ts';

/** A file as it is to be read: what it is, how it is compressed, how it begins. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** When it was changed last, milliseconds. */
  readonly modified: number;
  readonly coding: ContentCoding | undefined;
  /** As chosen, or by suffix or content; not yet decided between with and without a header line. */
  readonly format: string;
  readonly formatBy: FoundFormat['by'];
  /** What is worth knowing of a name that does not tell, or tells otherwise than the content; sentences. */
  readonly remarks: readonly string[];
  /** What the first lines look like, where the name says something else, which is what counts. */
  readonly other: OtherFormat | undefined;
  /** The catalogue's entry, for formats it knows. */
  readonly info: FormatInfo | undefined;
  /** The decoded beginning of the file, 40 KiB at most; undefined when this Node cannot decode it. */
  readonly head: Buffer | undefined;
  /** True: `head` is all that is in the file. */
  readonly headIsWhole: boolean;
  /** True: it ends in the middle of its compressed data; told of small files only. */
  readonly isCutOff: boolean;
}

/** What was said about a file. */
export interface FileChoice {
  readonly format?: string | undefined;
  readonly contentEncoding?: ContentCoding | 'none' | undefined;
  /** Of what was not said; default `name`. */
  readonly trust?: Trust | undefined;
}

/** A block of zstd, of which nothing can be read before its end, has 128 KiB. */
const HEAD_BYTES = 192 * 1024;
/** Enough for a look; a server gets it with every one. */
const MOST_DECODED_BYTES = 40 * 1024;

/**
 * Opens a file, finds format and coding, and checks both against its first bytes.
 * @throws FileError: not readable, a folder, unknown format (code `FORMAT`), bytes that contradict the
 *   name (code `MAGIC`), UTF-16 text (code `ENCODING`).
 */
export async function inspectFile(path: string, choice: FileChoice): Promise<SourceFile> {
  const { trust = 'name' } = choice;
  const { bytes, modified, start } = await readStart(path);
  const packed = codingOfFile(path, start, { chosen: choice.contentEncoding, trust });
  const { coding } = packed;
  const decoded =
    coding === undefined ? start : await decodeStart(start, coding, MOST_DECODED_BYTES);
  const head = decoded?.subarray(0, MOST_DECODED_BYTES);
  const isAll = start.length === bytes;
  const isCutOff = coding !== undefined && isAll && bytes > 0 && (await endsEarly(start, coding));
  const headIsWhole = isAll && !isCutOff && decoded?.length === head?.length;
  checkTar(path, head);
  const text = wholeLines({ head, headIsWhole });
  const found = formatOfHead(path, { head, text }, { chosen: choice.format, trust });
  const { format, by, other } = found;
  const info = findFormat(format);
  if (info?.kind === 'text') checkEncoding(path, head);
  const cut = isCutOff ? `It is cut off: it ends in the middle of its ${coding} data.` : undefined;
  const remarks = [packed.remark, found.remark, cut].filter((remark) => remark !== undefined);
  return {
    path,
    bytes,
    modified,
    coding,
    format,
    formatBy: by,
    remarks,
    other,
    info,
    head,
    headIsWhole,
    isCutOff,
  };
}

/** UTF-16 looks like nothing: that is what has to be told, not that its format is unknown. */
function formatOfHead(
  path: string,
  head: FileHead,
  choice: { chosen: string | undefined; trust: Trust },
): FoundFormat {
  try {
    return formatOfFile(path, head, choice);
  } catch (error) {
    checkEncoding(path, head.head);
    throw error;
  }
}

/** Formats to offer first for a file whose format nothing tells. Never rejects. */
export async function likelyFormatsOf(path: string): Promise<string[]> {
  try {
    const file = await inspectFile(path, { format: 'RawBLOB', trust: 'content' });
    return likelyFormats({ head: file.head, text: wholeLines(file) });
  } catch {
    return [];
  }
}

async function readStart(
  path: string,
): Promise<{ bytes: number; modified: number; start: Buffer }> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new FileError(path, `${path} is a folder.`, 'EISDIR', { hint: 'Choose a file.' });
    }
    // Opening a pipe would wait for somebody who writes into it.
    if (!found.isFile()) {
      throw new FileError(path, `${path} is not a file.`, 'EINVAL', { hint: 'Choose a file.' });
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

/** ClickHouse reads UTF-8 and would take such a file as one of odd names and NUL characters. */
function checkEncoding(path: string, head: Buffer | undefined): void {
  const mark = head?.subarray(0, 2).toString('hex');
  if (mark !== 'fffe' && mark !== 'feff') return;
  throw new FileError(path, `${path} is UTF-16 text, ClickHouse reads UTF-8.`, 'ENCODING', {
    hint: 'Save it as UTF-8, for example with iconv -f UTF-16 -t UTF-8.',
  });
}

/** The beginning of a text without its last line, which is probably cut, unless it is all there is. */
export function wholeLines({
  head,
  headIsWhole,
}: Pick<SourceFile, 'head' | 'headIsWhole'>): string {
  if (head === undefined) return '';
  const end = headIsWhole ? head.length : head.lastIndexOf(0x0a) + 1;
  return head.subarray(0, end > 0 ? end : head.length).toString('utf8');
}
