import { open, type FileHandle } from 'node:fs/promises';
import { describeMessage, type Framed } from '../framing.ts';
import { BatchIndex } from './batchIndex.ts';
import { Spool } from './spool.ts';
import { SpoolError, spoolFailure } from './spoolError.ts';

/** Most messages have less metadata than this, so that one read is enough for each. */
const HEAD_BYTES = 4 * 1024;
const PREFIX = 8;

/**
 * Opens the file of a result that an earlier process kept. Reads the metadata of each message and no body, so that it
 * takes milliseconds for each gigabyte.
 * @param complete whether all of the result is in it, which the file alone does not say
 * @throws SpoolError when it cannot be read, or is not a whole Arrow stream
 */
export async function openSpool(path: string, complete: boolean): Promise<Spool> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r+');
  } catch (error) {
    throw spoolFailure(path, 'read', error);
  }
  try {
    const index = new BatchIndex();
    const bytes = await scan(handle, index, path);
    return new Spool(path, handle, { bytes, complete, ended: true, error: undefined, index });
  } catch (error) {
    await handle.close();
    throw spoolFailure(path, 'read', error);
  }
}

/** Indexes all messages; gives the number of bytes up to the end marker. */
async function scan(handle: FileHandle, index: BatchIndex, path: string): Promise<number> {
  for (let offset = 0; ;) {
    const message = await readHead(handle, offset);
    if (!message) throw notWhole(path);
    index.add(message);
    offset += message.metadataLength + message.bodyLength;
    if (message.kind === 'end') return offset;
  }
}

async function readHead(handle: FileHandle, offset: number): Promise<Framed | undefined> {
  let head = await read(handle, offset, HEAD_BYTES);
  if (head.length < PREFIX) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, PREFIX);
  const length = view.getInt32(4, true);
  if (view.getInt32(0, true) !== -1 || length < 0) return undefined;
  const metadataLength = PREFIX + length;
  if (metadataLength > head.length) head = await read(handle, offset, metadataLength);
  if (metadataLength > head.length) return undefined;
  return describeMessage(offset, head.subarray(0, metadataLength));
}

/** Fewer bytes at the end of the file. */
async function read(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  const { bytesRead } = await handle.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

const notWhole = (path: string): SpoolError =>
  new SpoolError('damaged', path, `The result file ${path} is damaged: it has no end.`);
