import { UsageError } from '../../client/errors.ts';
import type { ContentCoding } from '../../client/surface.ts';

/** U+FEFF in UTF-8. */
const MARK = 'efbbbf';

/**
 * The mark as a compressed member of its own, for the codings in which members may follow each other:
 * the server's bytes are the next one. Each is what the coding's own program makes of the three bytes,
 * or simpler; so no encoder is needed, and every Node can do it.
 *
 * gzip: header, one stored block, CRC-32, length. zstd: magic, content size, one raw block. lz4: magic,
 * flags, one block as it is, end mark. xz: one LZMA2 chunk as it is, CRC-64, index, footer.
 */
const MEMBERS: Readonly<Partial<Record<ContentCoding, readonly string[]>>> = {
  gzip: ['1f8b0800000000000003', '010300fcff', MARK, 'e1971001', '03000000'],
  zstd: ['28b52ffd', '2003', '190000', MARK],
  lz4: ['04224d18', '604082', '03000080', MARK, '00000000'],
  xz: [
    'fd377a585a000004e6d6b446',
    '0200210116000000742fe5a3010002',
    MARK,
    '000092e399c326382a0e',
    '00011b030b2fb910',
    '1fb6f37d010000000004595a',
  ],
};

/**
 * The byte order mark of UTF-8, to stand before what the server sends with this compression.
 * @throws UsageError for codings whose files have one part only, which readers would stop after.
 */
export function byteOrderMark(compression: ContentCoding | 'none'): Uint8Array {
  if (compression === 'none') return Buffer.from(MARK, 'hex');
  const parts = MEMBERS[compression];
  if (parts !== undefined) return Buffer.from(parts.join(''), 'hex');
  throw new UsageError(
    `A file compressed with ${compression} cannot begin with a byte order mark.`,
    {
      hint: 'Choose gzip, Zstandard, LZ4, xz or no compression, or leave the mark out.',
    },
  );
}
