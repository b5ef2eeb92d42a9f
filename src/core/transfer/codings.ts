import { UsageError } from '../client/errors.ts';
import type { ContentCoding } from '../client/surface.ts';

interface CodingInfo {
  readonly coding: ContentCoding;
  /** Without dot, the usual one first. */
  readonly suffixes: readonly string[];
  /** First bytes of every such file; undefined when there are none to know it by. */
  readonly magic: readonly number[] | undefined;
}

/** Compressions of whole files that ClickHouse reads and writes over HTTP. */
export const CODINGS: readonly CodingInfo[] = [
  { coding: 'gzip', suffixes: ['gz', 'gzip'], magic: [0x1f, 0x8b, 0x08] },
  { coding: 'zstd', suffixes: ['zst', 'zstd'], magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { coding: 'lz4', suffixes: ['lz4'], magic: [0x04, 0x22, 0x4d, 0x18] },
  { coding: 'br', suffixes: ['br'], magic: undefined },
  { coding: 'xz', suffixes: ['xz', 'lzma'], magic: [0xfd, 0x37, 0x7a, 0x58] },
  { coding: 'bz2', suffixes: ['bz2'], magic: [0x42, 0x5a, 0x68] },
  // Hadoop block framing: a length, not a magic number.
  { coding: 'snappy', suffixes: ['snappy'], magic: undefined },
  { coding: 'deflate', suffixes: ['deflate'], magic: [0x78] },
];

/** The coding that a file name's last suffix tells; undefined for uncompressed files. */
export function codingOfName(fileName: string): ContentCoding | undefined {
  const suffix = /\.([^./\\]+)$/.exec(fileName.toLowerCase())?.[1];
  if (suffix === undefined) return undefined;
  return CODINGS.find((info) => info.suffixes.includes(suffix))?.coding;
}

/**
 * @throws UsageError for a compression that files are read with, but not saved with: not every build of
 *   ClickHouse writes bz2, the local one among them, and that shows only once the statement runs.
 */
export function requireSavedCoding(coding: ContentCoding | 'none'): void {
  if (coding !== 'bz2') return;
  throw new UsageError('Results are not saved with bz2. Nothing was run.', {
    hint: 'Use zstd (.zst), xz (.xz) or gzip (.gz).',
  });
}

/** The usual suffix of a coding, without dot. */
export function suffixOfCoding(coding: ContentCoding): string {
  return CODINGS.find((info) => info.coding === coding)?.suffixes[0] ?? coding;
}

/** The coding that the first bytes prove; `deflate` is never proven by its single byte, nor bz2 by its letters. */
export function codingOfBytes(head: Uint8Array): ContentCoding | undefined {
  const found = CODINGS.find(
    (info) => info.coding !== 'deflate' && startsWith(head, info.magic),
  )?.coding;
  return found === 'bz2' && !startsWith(head.subarray(4), BZ2_BLOCK) ? undefined : found;
}

const BZ2_BLOCK = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];

/** True for codings that can be known by their first bytes. */
export function hasMagic(coding: ContentCoding): boolean {
  return CODINGS.some((info) => info.coding === coding && info.magic !== undefined);
}

/** False when a coding has a magic number and the bytes do not begin with it. */
export function fitsCoding(head: Uint8Array, coding: ContentCoding): boolean {
  const magic = CODINGS.find((info) => info.coding === coding)?.magic;
  return magic === undefined || startsWith(head, magic);
}

function startsWith(head: Uint8Array, magic: readonly number[] | undefined): boolean {
  return magic?.every((byte, index) => head[index] === byte) === true;
}
