import type { Schema } from 'apache-arrow';
import { Message, RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import { placeBuffers, type Slice } from './slice.ts';

/** Marks the end of an Arrow IPC stream. */
export const END_OF_STREAM: Uint8Array = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

/** A schema as an IPC message. */
export function encodeSchema(schema: Schema): Uint8Array {
  return frame(Message.encode(Message.from(schema)), [], 0);
}

/** A record batch as an IPC message; the slices are its columns in the order of the schema. */
export function encodeBatch(rows: number, columns: readonly Slice[]): Uint8Array {
  const buffers = columns.flatMap((column) => column.buffers);
  const { regions, byteLength } = placeBuffers(buffers);
  const nodes = columns.flatMap((column) => column.nodes);
  const header = new BatchHeader(rows, nodes, regions, null);
  const placed = buffers.map((bytes, i) => ({ bytes, offset: regions[i]?.offset ?? 0 }));
  return frame(Message.encode(Message.from(header, byteLength)), placed, byteLength);
}

/** Joins parts into one array with a buffer of its own, so that it can be posted or transferred alone. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** An IPC message from its metadata and the buffers of its body, at their offsets in the body. */
export function frame(
  metadata: Uint8Array,
  body: readonly { bytes: Uint8Array; offset: number }[],
  bodyLength: number,
): Uint8Array {
  const padded = (metadata.length + 7) & ~7;
  const message = new Uint8Array(8 + padded + bodyLength);
  const view = new DataView(message.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, padded, true);
  message.set(metadata, 8);
  for (const { bytes, offset } of body) message.set(bytes, 8 + padded + offset);
  return message;
}
