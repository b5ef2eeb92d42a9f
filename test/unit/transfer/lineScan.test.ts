import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import wabt from 'wabt';
import { resultRows } from '../../../src/core/transfer/rows/resultRows.ts';

const ROWS = new URL('../../../src/core/transfer/rows/', import.meta.url);

describe('lineScan', () => {
  it('has the program that its text says', async () => {
    const tools = await wabt();
    const text = await readFile(new URL('lineScan.wat', ROWS), 'utf8');
    const { buffer } = tools.parseWat('lineScan.wat', text, { simd: true }).toBinary({});
    const source = await readFile(new URL('lineScan.ts', ROWS), 'utf8');
    const program = /PROGRAM = `([^`]+)`/.exec(source)?.[1] ?? '';
    assert.deepEqual(Buffer.from(program, 'base64'), Buffer.from(buffer));
  });

  it('costs a save nothing but the number where WebAssembly gets no memory', () => {
    const assembly = (globalThis as unknown as { WebAssembly: { Instance: unknown } }).WebAssembly;
    const { Instance } = assembly;
    assembly.Instance = function noMemory(): never {
      throw new RangeError('could not allocate memory');
    };
    try {
      assert.equal(resultRows('CSV'), undefined);
    } finally {
      assembly.Instance = Instance;
    }
    assert.equal(resultRows('CSV')?.rows, 0);
  });
});
