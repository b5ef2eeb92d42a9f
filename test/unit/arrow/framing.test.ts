import assert from 'node:assert/strict';
import {
  ArrowFramingError,
  MessageSplitter,
  type Framed,
} from '../../../src/core/arrow/framing.ts';
import { sampleTable, streamOf } from './streams.ts';

const stream = streamOf([sampleTable(0, 5), sampleTable(5, 0), sampleTable(5, 7)]);

function split(chunks: readonly Uint8Array[]): Framed[] {
  const splitter = new MessageSplitter();
  return chunks.flatMap((chunk) => splitter.push(chunk));
}

const shape = (messages: readonly Framed[]): unknown[] =>
  messages.map(({ kind, offset, metadataLength, bodyLength, ...rest }) => [
    kind,
    offset,
    metadataLength,
    bodyLength,
    'rows' in rest ? rest.rows : undefined,
  ]);

describe('MessageSplitter', () => {
  const whole = shape(split([stream]));

  it('finds the schema, every batch with its rows, and the end', () => {
    const kinds = whole.map((message) => (message as unknown[])[0]);
    assert.equal(kinds[0], 'schema');
    assert.equal(kinds.at(-1), 'end');
    const rows = split([stream]).map((message) => (message.kind === 'batch' ? message.rows : 0));
    assert.equal(
      rows.reduce((sum, count) => sum + count),
      12,
    );
  });

  it('gives the same for a stream cut in two at any byte', () => {
    for (let at = 0; at <= stream.length; at++) {
      assert.deepEqual(
        shape(split([stream.subarray(0, at), stream.subarray(at)])),
        whole,
        `at ${at}`,
      );
    }
  });

  it('gives the same byte by byte', () => {
    assert.deepEqual(shape(split(Array.from(stream, (byte) => Uint8Array.of(byte)))), whole);
  });

  it('reports a message only when its last byte came', () => {
    const splitter = new MessageSplitter();
    assert.equal(splitter.push(stream.subarray(0, stream.length - 1)).at(-1)?.kind, 'batch');
    assert.equal(splitter.ended, false);
    splitter.push(stream.subarray(stream.length - 1));
    assert.equal(splitter.ended, true);
  });

  it('refuses what is not Arrow, and bytes after the end', () => {
    const text = new TextEncoder().encode('Code: 60. DB::Exception');
    assert.throws(() => split([text]), ArrowFramingError);
    assert.throws(() => split([stream, Uint8Array.of(0)]), /bytes after the end/);
  });
});
