import { DataType, type Field } from 'apache-arrow';
import { DictionaryBatch, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { inflateBuffer, type ZstdDecode } from './compression.ts';
import { frame } from './encode.ts';
import { placeBuffers } from './slice.ts';

/** Ids of the dictionaries that the fields need, at any depth. */
export function dictionaryIds(fields: readonly Field[]): Set<number> {
  const ids = new Set<number>();
  const visit = (field: Field): void => {
    const type = field.type as DataType;
    if (DataType.isDictionary(type)) ids.add(type.id);
    else for (const child of (type.children as readonly Field[] | null) ?? []) visit(child);
  };
  for (const field of fields) visit(field);
  return ids;
}

/**
 * A dictionary message without compression, because the page that shows a window has no codecs.
 * @param metadataLength bytes from the message's start to its body
 */
export async function plainDictionary(
  message: Uint8Array,
  metadataLength: number,
  zstd: ZstdDecode,
): Promise<Uint8Array> {
  const decoded = Message.decode(message.subarray(8, metadataLength));
  if (!decoded.isDictionaryBatch()) throw new TypeError('The message is not a dictionary batch.');
  const { data, id, isDelta } = decoded.header();
  const codec = data.compression as { type: number } | null;
  if (!codec) return message;
  const buffers = await Promise.all(
    data.buffers.map(({ offset, length }) => {
      const start = metadataLength + offset;
      return inflateBuffer(message.subarray(start, start + length), codec.type, zstd);
    }),
  );
  const { regions, byteLength } = placeBuffers(buffers);
  const plain = new DictionaryBatch(
    new RecordBatch(data.length, data.nodes, regions, null),
    id,
    isDelta,
  );
  const placed = buffers.map((bytes, i) => ({ bytes, offset: regions[i]?.offset ?? 0 }));
  return frame(Message.encode(Message.from(plain, byteLength)), placed, byteLength);
}
