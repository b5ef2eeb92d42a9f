import { Message, type RecordBatch as BatchHeader } from 'apache-arrow/ipc/metadata/message';
import { Schema, type Field } from 'apache-arrow';
import { concat, encodeBatch, encodeSchema, END_OF_STREAM } from './encode.ts';
import type { Layout } from './layout.ts';
import { sliceColumn, type Clip, type ReadBuffer, type Slice } from './slice.ts';

/** The metadata of a record batch message, from its FFFFFFFF marker on. */
export function decodeBatchHeader(metadata: Uint8Array): BatchHeader {
  const message = Message.decode(metadata.subarray(8));
  if (!message.isRecordBatch()) throw new TypeError('The message is not a record batch.');
  return message.header();
}

/** Some rows of one batch, cut and ready to encode. */
export interface BatchWindow {
  rows: number;
  columns: Slice[];
  /** Places of the columns whose cells came short. */
  cut: number[];
}

/**
 * Cuts rows `[start, end)` of some top-level columns out of a batch. Reads only the bytes of those rows and columns,
 * so that a screen of a 523 MB batch of 1,000 columns costs kilobytes.
 */
export async function cutBatch(
  header: BatchHeader,
  layouts: readonly Layout[],
  start: number,
  end: number,
  read: ReadBuffer,
  limits?: Pick<Clip, 'bytes' | 'items'>,
): Promise<BatchWindow> {
  const clips = layouts.map((): Clip | undefined => limits && { ...limits, isCut: false });
  const columns = await Promise.all(
    layouts.map((layout, i) => sliceColumn(layout, header.nodes, start, end, read, clips[i])),
  );
  const cut = [...clips.keys()].filter((i) => clips[i]?.isCut === true);
  return { rows: end - start, columns, cut };
}

/**
 * An IPC stream of its own (schema, batches, end marker) with 8-byte aligned buffers, in one buffer of its own.
 * @param dictionaries whole dictionary messages that have to stand before the batch of the same index
 */
export function encodeWindow(
  fields: readonly Field[],
  batches: readonly BatchWindow[],
  dictionaries: readonly Uint8Array[][] = [],
): Uint8Array<ArrayBuffer> {
  return concat([
    encodeSchema(new Schema([...fields])),
    ...batches.flatMap((batch, i) => [
      ...(dictionaries[i] ?? []),
      encodeBatch(batch.rows, batch.columns),
    ]),
    END_OF_STREAM,
  ]);
}
