import type { ResultColumn } from '../../../shared/columns.ts';
import type { CopyBlock, CopyFormat } from '../../../shared/gridCommand.ts';
import type { ReadContext } from '../../types/format/valueReader.ts';
import { readerMaker, windowBatches } from './cellReaders.ts';
import { copyWriter, type CopyRow } from './copyFormats.ts';

export interface CopyOptions {
  /** All columns of the result. */
  columns: readonly ResultColumn[];
  context: ReadContext;
  blocks: readonly CopyBlock[];
  format: CopyFormat;
  /** With the names of the columns. */
  header: boolean;
  /** Rows as an Arrow IPC stream, with whole cells; fewer rows than asked, at least one, where rows are large. */
  read: (firstRow: number, rows: number, columns: number[]) => Promise<Uint8Array>;
  /** Characters. */
  most: number;
  signal: AbortSignal;
  /** Cells so far, after each window. */
  onProgress?: (cells: number) => void;
}

export type CopiedText =
  | { kind: 'text'; text: string; cells: number }
  /** More than `most` characters; nothing of it is kept. */
  | { kind: 'tooLarge' };

/** Cells that are written in one go: a few milliseconds, so that the event loop is never held up. */
const CELLS_AT_ONCE = 4_096;

/**
 * Cells of a result as text, made from their exact texts window by window.
 * @throws what `read` throws, UnknownPair for a column that cannot be read, and the signal's reason
 */
export async function copyText(options: CopyOptions): Promise<CopiedText> {
  const { blocks, columns, format, header, most, signal } = options;
  const context = contextFor(format, options.context);
  const texts: string[] = [];
  let length = 0;
  let cells = 0;
  const add = (text: string): boolean => {
    texts.push(text);
    length += text.length;
    return length <= most;
  };
  for (const [i, block] of blocks.entries()) {
    const asked = block.columns.flatMap((column) => columns[column] ?? []);
    const single = blocks.length === 1 && asked.length === 1 && isOneRow(block);
    const writer = copyWriter(format, asked, header, single);
    const makers = asked.map((column) => readerMaker(column, context));
    let isFirst = true;
    add((i === 0 ? '' : '\n\n') + writer.begin);
    for await (const lines of rowsOf(options, block, makers)) {
      signal.throwIfAborted();
      // One piece per window: joining a million pieces at the end would hold up the event loop.
      let piece = '';
      for (const row of lines) {
        piece += writer.line(row, isFirst);
        isFirst = false;
      }
      if (!add(piece)) return { kind: 'tooLarge' };
      cells += lines.length * asked.length;
      options.onProgress?.(cells);
    }
    add(writer.end);
  }
  return { kind: 'text', text: texts.join(''), cells };
}

/** SQL has to be read again where none of these settings holds, and JSON has booleans of its own. */
function contextFor(format: CopyFormat, context: ReadContext): ReadContext {
  const { textSettings = [] } = context;
  if (format === 'insert' || format === 'inList') return { ...context, textSettings: [] };
  if (format !== 'json') return context;
  return { ...context, textSettings: textSettings.filter(({ name }) => !name.startsWith('bool_')) };
}

function isOneRow({ rows }: CopyBlock): boolean {
  const [only] = rows;
  return rows.length === 1 && only?.first === only?.last;
}

/** The rows of a block, some at a time; between them other work of the process has its turn. */
async function* rowsOf(
  { read }: CopyOptions,
  block: CopyBlock,
  makers: readonly ReturnType<typeof readerMaker>[],
): AsyncGenerator<CopyRow[]> {
  const atOnce = Math.max(1, Math.floor(CELLS_AT_ONCE / Math.max(1, block.columns.length)));
  for (const { first, last } of block.rows) {
    for (let next = first; next <= last;) {
      const ipc = await read(next, Math.min(atOnce, last - next + 1), [...block.columns]);
      let got = 0;
      for (const { rows, readers } of windowBatches(ipc, makers)) {
        yield Array.from({ length: rows }, (_, row) => ({ readers, row }));
        got += rows;
      }
      if (got === 0) throw new RangeError(`Row ${next + 1} could not be read.`);
      next += got;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
