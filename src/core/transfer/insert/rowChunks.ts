import { UsageError } from '../../client/errors.ts';
import { headerLines, rowEnds } from './rowEnds.ts';

/** Whole rows of a file, with its header lines before them. */
export interface RowChunk {
  /** Where the rows are in the (decoded) file. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

export interface ChunkLimits {
  /** A chunk ends with the first row that reaches one of these. */
  readonly bytes: number;
  readonly rows: number;
}

/**
 * At most one block of a server each (by default 1,048,449 rows), and little enough to keep two in memory.
 * Part of what a repeated insert is recognised by: other limits are other chunks.
 */
export const CHUNK_LIMITS: ChunkLimits = { bytes: 12 * 1024 * 1024, rows: 1_000_000 };
/** A row that is larger is none: the file is not what it is taken for. */
const MOST_ROW_BYTES = 256 * 1024 * 1024;

/** True for formats whose rows can be found without the server. */
export function hasRowChunks(format: string): boolean {
  return rowEnds(format) !== undefined;
}

/**
 * Cuts the bytes of a file at the ends of rows, at the same places whatever the pieces they come in.
 * @throws UsageError for formats whose rows cannot be found, and when no row ends within 256 MiB.
 */
export async function* rowChunks(
  source: AsyncIterable<Uint8Array>,
  format: string,
  {
    delimiter,
    limits = CHUNK_LIMITS,
  }: { delimiter?: string | undefined; limits?: ChunkLimits | undefined },
): AsyncGenerator<RowChunk, undefined> {
  const ends = rowEnds(format, delimiter);
  if (!ends) throw new UsageError(`Rows of ${format} cannot be told apart without the server.`);
  const gathered = new Gathered();
  let headerLeft = headerLines(format);
  let header: Uint8Array = new Uint8Array();
  let from = 0;
  let rowsBefore = 0;
  /** Ends the chunk with what is gathered. */
  const cut = (): RowChunk => {
    const rows = gathered.take(header);
    const chunk = {
      from,
      to: from + rows.length - header.length,
      rows: ends.rows - rowsBefore,
      bytes: rows,
    };
    from = chunk.to;
    rowsBefore = ends.rows;
    return chunk;
  };
  for await (const piece of source) {
    let start = 0;
    for (let at = ends.next(piece, 0); at >= 0; at = ends.next(piece, at)) {
      if (headerLeft > 0) {
        headerLeft -= 1;
        if (headerLeft > 0) continue;
        gathered.add(piece.subarray(start, at));
        header = gathered.take(new Uint8Array());
        from = header.length;
        rowsBefore = ends.rows;
        start = at;
      } else if (
        gathered.bytes + at - start >= limits.bytes ||
        ends.rows - rowsBefore >= limits.rows
      ) {
        gathered.add(piece.subarray(start, at));
        start = at;
        yield cut();
      }
    }
    gathered.add(piece.subarray(start));
    if (gathered.bytes > MOST_ROW_BYTES) {
      throw new UsageError(`No row ends between byte ${from} and byte ${from + gathered.bytes}.`, {
        hint: `Is the file ${format}? A quote may not be closed.`,
      });
    }
  }
  if (gathered.bytes === 0) return undefined;
  // The last row may lack its line end.
  const last = cut();
  yield { ...last, rows: last.rows + (endsRow(ends, last.bytes) ? 0 : 1) };
  return undefined;
}

const LINE_FEED = 0x0a;

/** JSON counts a row where its value ends. */
function endsRow(ends: { readonly countsValues: boolean }, bytes: Uint8Array): boolean {
  return ends.countsValues || bytes.at(-1) === LINE_FEED;
}

/** Bytes kept until they are a chunk; copies, since the pieces are memory that is used again. */
class Gathered {
  bytes = 0;
  #pieces: Uint8Array[] = [];

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(Uint8Array.from(piece));
    this.bytes += piece.length;
  }

  /** All of it, behind `first`. */
  take(first: Uint8Array): Uint8Array {
    const all = Buffer.concat([first, ...this.#pieces], first.length + this.bytes);
    this.#pieces = [];
    this.bytes = 0;
    return all;
  }
}
