import { describeMessage } from '../../arrow/framing.ts';
import type { Walk } from './walkedRows.ts';

/** `ARROW1` and padding, before the stream that an Arrow file is otherwise; its index follows the end marker. */
const FILE_MAGIC_BYTES = 8;
const PREFIX_BYTES = 8;
const CONTINUATION = -1;

/** Adds up the rows of the record batches. */
export function* arrowRows(kind: 'file' | 'stream'): Walk {
  if (kind === 'file') yield { skip: FILE_MAGIC_BYTES };
  for (;;) {
    const prefix = Buffer.from(yield { read: PREFIX_BYTES });
    if (prefix.readInt32LE() !== CONTINUATION) throw new RangeError('No message.');
    const metadata = yield { read: prefix.readInt32LE(4) };
    const message = describeMessage(0, Buffer.concat([prefix, metadata]));
    if (message.kind === 'end') return;
    yield { skip: message.bodyLength };
    if (message.kind === 'batch') yield { rows: message.rows };
  }
}
