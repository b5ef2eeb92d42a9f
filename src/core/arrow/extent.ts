import type { Layout } from './layout.ts';
import { readOffsetEnds, readUnionRanges, type ReadBuffer } from './slice.ts';

/**
 * Bytes that rows `[start, end)` of a column take, with those of its children. Reads offsets, never values, so that
 * the size of a cell of 10 MB is known before it is read.
 */
export async function extentOf(
  layout: Layout,
  start: number,
  end: number,
  read: ReadBuffer,
): Promise<number> {
  const rows = end - start;
  const { shape, buffer, children } = layout;
  const sum = async (ranges: readonly (readonly [from: number, to: number])[]): Promise<number> => {
    const sizes = await Promise.all(
      children.map(async (child, i) => {
        const [from, to] = ranges[i] ?? ranges[0] ?? [0, 0];
        return to > from ? await extentOf(child, from, to, read) : 0;
      }),
    );
    return sizes.reduce((total, size) => total + size, 0);
  };
  switch (shape.kind) {
    case 'null':
      return 0;
    case 'bits':
      return rows / 8;
    case 'fixed':
      return rows * shape.width;
    case 'variable': {
      const [from, to] = await readOffsetEnds(read, buffer + 1, start, end);
      return rows * 4 + to - from;
    }
    case 'list':
      return rows * 4 + (await sum([await readOffsetEnds(read, buffer + 1, start, end)]));
    case 'fixedList':
      return sum([[start * shape.size, end * shape.size]]);
    case 'struct':
      return sum([[start, end]]);
    case 'denseUnion': {
      const ranges = await readUnionRanges(
        read,
        buffer,
        start,
        end,
        shape.childOf,
        children.length,
      );
      return rows * 5 + (await sum(ranges));
    }
    case 'sparseUnion':
      return rows + (await sum([[start, end]]));
  }
}
