import { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import type { Layout } from './layout.ts';

/** Bytes `[start, end)` of a buffer of the batch, uncompressed. */
export type ReadBuffer = (buffer: number, start: number, end: number) => Promise<Uint8Array>;

/** The nodes and buffers of some rows of a field and its children, in the order of the IPC format. */
export interface Slice {
  nodes: FieldNode[];
  buffers: Uint8Array[];
}

const EMPTY = new Uint8Array(0);

/**
 * Cuts rows `[start, end)` out of a column, reading only the bytes of those rows.
 * @param nodes the field nodes of the whole batch
 */
export async function sliceColumn(
  layout: Layout,
  nodes: readonly FieldNode[],
  start: number,
  end: number,
  read: ReadBuffer,
): Promise<Slice> {
  const rows = end - start;
  const { shape, buffer, children } = layout;
  const child = (index: number, from: number, to: number): Promise<Slice> => {
    const inner = children[index];
    if (!inner) throw new RangeError(`Arrow layout without a child ${index}`);
    return sliceColumn(inner, nodes, from, to, read);
  };
  const all = (from: number, to: number): Promise<Slice[]> =>
    Promise.all(children.map((_, index) => child(index, from, to)));

  switch (shape.kind) {
    case 'null':
      return { nodes: [new FieldNode(rows, rows)], buffers: [] };
    case 'denseUnion': {
      const [typeIds, offsets] = await Promise.all([
        read(buffer, start, end),
        read(buffer + 1, start * 4, end * 4),
      ]);
      const cut = rebaseUnion(typeIds, offsets, shape.childOf, children.length);
      const slices = await Promise.all(
        cut.ranges.map(([from, to], index) => child(index, from, to)),
      );
      return join(new FieldNode(rows, 0), [typeIds, cut.offsets], slices);
    }
    case 'sparseUnion': {
      const [typeIds, slices] = await Promise.all([read(buffer, start, end), all(start, end)]);
      return join(new FieldNode(rows, 0), [typeIds], slices);
    }
    default:
  }

  const node = nodes[layout.node];
  const validity =
    node?.nullCount === 0 ? Promise.resolve(EMPTY) : readBits(read, buffer, start, end);
  const withNulls = async (buffers: Uint8Array[], slices: Slice[] = []): Promise<Slice> => {
    const bitmap = await validity;
    return join(new FieldNode(rows, countNulls(bitmap, rows)), [bitmap, ...buffers], slices);
  };
  switch (shape.kind) {
    case 'bits':
      return withNulls([await readBits(read, buffer + 1, start, end)]);
    case 'fixed':
      return withNulls([await read(buffer + 1, start * shape.width, end * shape.width)]);
    case 'variable': {
      const [offsets, from, to] = await readOffsets(read, buffer + 1, start, end);
      return withNulls([offsets, await read(buffer + 2, from, to)]);
    }
    case 'list': {
      const [offsets, from, to] = await readOffsets(read, buffer + 1, start, end);
      return withNulls([offsets], await all(from, to));
    }
    case 'fixedList':
      return withNulls([], await all(start * shape.size, end * shape.size));
    case 'struct':
      return withNulls([], await all(start, end));
  }
}

/** Lays the buffers out one after the other, each at a multiple of 8 bytes. */
export function placeBuffers(buffers: readonly Uint8Array[]): {
  regions: BufferRegion[];
  byteLength: number;
} {
  let byteLength = 0;
  const regions = buffers.map((buffer) => {
    const region = new BufferRegion(byteLength, buffer.length);
    byteLength += (buffer.length + 7) & ~7;
    return region;
  });
  return { regions, byteLength };
}

function join(node: FieldNode, buffers: Uint8Array[], children: Slice[]): Slice {
  return {
    nodes: [node, ...children.flatMap((child) => child.nodes)],
    buffers: [...buffers, ...children.flatMap((child) => child.buffers)],
  };
}

/** Bits `[start, end)`, moved so that the first one is bit 0. */
async function readBits(
  read: ReadBuffer,
  buffer: number,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await read(buffer, start >> 3, (end + 7) >> 3);
  const shift = start & 7;
  if (shift === 0 || bytes.length === 0) return bytes;
  const moved = new Uint8Array((end - start + 7) >> 3);
  for (let i = 0; i < moved.length; i++) {
    moved[i] = ((bytes[i] ?? 0) >> shift) | ((bytes[i + 1] ?? 0) << (8 - shift));
  }
  return moved;
}

function countNulls(bitmap: Uint8Array, rows: number): number {
  if (bitmap.length === 0) return 0;
  let nulls = 0;
  for (let row = 0; row < rows; row++) {
    if (((bitmap[row >> 3] ?? 0) & (1 << (row & 7))) === 0) nulls++;
  }
  return nulls;
}

/** Offsets of rows `[start, end)` counted from zero, and the range of values they stand for. */
async function readOffsets(
  read: ReadBuffer,
  buffer: number,
  start: number,
  end: number,
): Promise<[offsets: Uint8Array, from: number, to: number]> {
  // A vector without rows may come without its one offset.
  if (start === end) return [new Uint8Array(4), 0, 0];
  const source = viewOf(await read(buffer, start * 4, (end + 1) * 4));
  const count = end - start + 1;
  const target = new DataView(new ArrayBuffer(count * 4));
  const from = source.getInt32(0, true);
  for (let at = 0; at < count * 4; at += 4) {
    target.setInt32(at, source.getInt32(at, true) - from, true);
  }
  return [new Uint8Array(target.buffer), from, source.getInt32((count - 1) * 4, true)];
}

/** Offsets into each child counted from the first value used, and the range used of each child. */
function rebaseUnion(
  typeIds: Uint8Array,
  offsets: Uint8Array,
  childOf: Readonly<Record<number, number>>,
  children: number,
): { offsets: Uint8Array; ranges: [from: number, to: number][] } {
  const source = viewOf(offsets);
  const target = new DataView(new ArrayBuffer(offsets.length));
  const ranges = Array.from({ length: children }, (): [number, number] => [Infinity, 0]);
  const rangeOf = (row: number): [number, number] | undefined =>
    ranges[childOf[typeIds[row] ?? -1] ?? -1];
  for (let row = 0; row < typeIds.length; row++) {
    const range = rangeOf(row);
    const offset = source.getInt32(row * 4, true);
    if (!range) continue;
    range[0] = Math.min(range[0], offset);
    range[1] = Math.max(range[1], offset + 1);
  }
  for (let row = 0; row < typeIds.length; row++) {
    target.setInt32(row * 4, source.getInt32(row * 4, true) - (rangeOf(row)?.[0] ?? 0), true);
  }
  return {
    offsets: new Uint8Array(target.buffer),
    ranges: ranges.map(([from, to]) => (to === 0 ? [0, 0] : [from, to])),
  };
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
