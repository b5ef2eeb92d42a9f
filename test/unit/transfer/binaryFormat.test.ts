import assert from 'node:assert/strict';
import { binaryFormatOf } from '../../../src/core/transfer/detect/binaryFormat.ts';

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

describe('the binary format that the first bytes prove', () => {
  // Where a column of Native has as many rows as its name has letters and one, its beginning can be read both ways.
  for (const name of ['x', 'id', 'name', 'user_id', 'a_long_name']) {
    it(`is Native and not RowBinaryWithNamesAndTypes: ${name}, ${name.length + 1} rows`, () => {
      const rows = name.length + 1;
      const native = [Buffer.from([1, rows]), text(name), text('Int32'), Buffer.alloc(rows * 4)];
      assert.equal(binaryFormatOf(Buffer.concat(native)), 'Native');
      const rowBinary = [Buffer.from([1]), text(name), text('Int32'), Buffer.alloc(rows * 4)];
      assert.equal(binaryFormatOf(Buffer.concat(rowBinary)), 'RowBinaryWithNamesAndTypes');
    });
  }
});
