import { BufferRegion, FieldNode } from 'apache-arrow/ipc/metadata/message';
import type { Layout } from './layout.ts';

/** Bytes `[start, end)` of a buffer of the batch, uncompressed. */
export type ReadBuffer = (buffer: number, start: number, end: number) => Promise<Uint8Array>;

/** The nodes and buffers of some rows of a field and its children, in the order of the IPC format. */
export interface Slice {
  nodes: FieldNode[];
  buffers: Uint8Array[];
}

/**
 * How much of a single row is cut out: of each of its parts the first bytes and the first items. What comes of it is
 * the row's text up to some place, and nothing that can be relied on after it.
 */
export interface Clip {
  bytes: number;
  items: number;
  /** Set when something was left out. */
  isCut: boolean;
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
  clip?: Clip,
): Promise<Slice> {
  const rows = end - start;
  const { shape, buffer, children } = layout;
  const child = (index: number, from: number, to: number): Promise<Slice> => {
    const inner = children[index];
    if (!inner) throw new RangeError(`Arrow layout without a child ${index}`);
    return sliceColumn(inner, nodes, from, to, read, clip);
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
      if (!clip || to - from <= clip.bytes) {
        return withNulls([offsets, await read(buffer + 2, from, to)]);
      }
      clip.isCut = true;
      const bytes = wholeCharacters(await read(buffer + 2, from, from + clip.bytes));
      return withNulls([clipped(offsets, bytes.length), bytes]);
    }
    case 'list': {
      const [offsets, from, to] = await readOffsets(read, buffer + 1, start, end);
      if (!clip || to - from <= clip.items) return withNulls([offsets], await all(from, to));
      clip.isCut = true;
      return withNulls([clipped(offsets, clip.items)], await all(from, from + clip.items));
    }
    case 'fixedList':
      return withNulls([], await all(start * shape.size, end * shape.size));
    case 'struct':
      return withNulls([], await all(start, end));
  }
}

/** Where the values of rows `[start, end)` begin and end in the values buffer or the child. */
export async function readOffsetEnds(
  read: ReadBuffer,
  buffer: number,
  start: number,
  end: number,
): Promise<[from: number, to: number]> {
  if (start === end) return [0, 0];
  const offsets = viewOf(await read(buffer, start * 4, (end + 1) * 4));
  return [offsets.getInt32(0, true), offsets.getInt32((end - start) * 4, true)];
}

/** The range of each child that rows `[start, end)` of a dense union take. */
export async function readUnionRanges(
  read: ReadBuffer,
  buffer: number,
  start: number,
  end: number,
  childOf: Readonly<Record<number, number>>,
  children: number,
): Promise<[from: number, to: number][]> {
  const [typeIds, offsets] = await Promise.all([
    read(buffer, start, end),
    read(buffer + 1, start * 4, end * 4),
  ]);
  return rebaseUnion(typeIds, offsets, childOf, children).ranges;
}

/** Offsets that count from zero, none beyond the end of what was kept. */
function clipped(offsets: Uint8Array, length: number): Uint8Array {
  const view = viewOf(offsets);
  for (let at = 0; at < offsets.length; at += 4) {
    view.setInt32(at, Math.min(view.getInt32(at, true), length), true);
  }
  return offsets;
}

/** Without the first bytes of a UTF-8 character whose last ones were cut off. */
function wholeCharacters(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, -back) : bytes;
  }
  return bytes;
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
