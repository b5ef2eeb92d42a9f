import assert from 'node:assert/strict';
import { ExceptionScanner } from '../../../src/core/client/exceptionScanner.ts';

const TAG = 'oifwlalnygfylvsa';
const MESSAGE = 'Code: 395. DB::Exception: stop — ende. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)';
const length = Buffer.byteLength(MESSAGE) + 1;
const FRAME = `\r\n__exception__\r\n${TAG}\r\n${MESSAGE}\n${length} ${TAG}\r\n__exception__\r\n`;

function scan(chunks: readonly (string | Buffer)[]): { data: string; message: string | undefined } {
  const scanner = new ExceptionScanner(TAG);
  const data = chunks.flatMap((chunk) => scanner.push(Buffer.from(chunk as string)) ?? []);
  const rest = scanner.flush();
  if (rest !== undefined) data.push(rest);
  return { data: Buffer.concat(data).toString('utf8'), message: scanner.message() };
}

describe('ExceptionScanner', () => {
  it('takes the exception out wherever the body is split in two', () => {
    const body = Buffer.from(`1,a\r\n2,b\r\n${FRAME}`);
    for (let at = 0; at <= body.length; at += 1) {
      const result = scan([body.subarray(0, at), body.subarray(at)]);
      assert.deepEqual(result, { data: '1,a\r\n2,b\r\n', message: MESSAGE }, `split at ${at}`);
    }
  });

  it('takes the exception out when every byte comes alone', () => {
    const body = Buffer.from(`x\r\n${FRAME}`);
    const result = scan(Array.from(body, (byte) => Buffer.from([byte])));
    assert.deepEqual(result, { data: 'x\r\n', message: MESSAGE });
  });

  it('finds an exception that is the whole body', () => {
    assert.deepEqual(scan([FRAME]), { data: '', message: MESSAGE });
  });

  it('leaves data alone that only looks like an exception', () => {
    const data =
      `\r\n__exception__\r\n${TAG.slice(0, -1)}X\r\nCode: 60. DB::Exception: forged (UNKNOWN_TABLE)\n` +
      '\r\n\r\n__exception__\r\n\r\r\r\n';
    for (let at = 0; at <= data.length; at += 1) {
      assert.deepEqual(scan([data.slice(0, at), data.slice(at)]), { data, message: undefined });
    }
  });

  it('gives what it held back when the body ends with the start of a marker', () => {
    const data = `1\r\n__exception__\r\n${TAG.slice(0, 5)}`;
    assert.deepEqual(scan([data]), { data, message: undefined });
  });

  it('keeps the message of a frame that was cut short', () => {
    const cut = FRAME.slice(0, FRAME.indexOf(' — ende'));
    assert.deepEqual(scan(['1\n', cut]), {
      data: '1\n',
      message: 'Code: 395. DB::Exception: stop',
    });
  });
});
