import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileHash } from '../../../src/core/transfer/fileHash.ts';

const MIB = 1024 * 1024;

describe('FileHash', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-hash-'));
  });
  after(() => rm(folder, { recursive: true }));

  for (const [what, pieces] of [
    ['an empty file', []],
    ['a small file', [1, 7]],
    ['a large file, while it is written', [5 * MIB, 3 * MIB + 1, 4 * MIB]],
  ] as const) {
    it(`gives the sum that sha256sum gives for ${what}`, async () => {
      const path = join(folder, 'x');
      const file = await open(path, 'w+');
      const hash = new FileHash(file);
      let bytes = 0;
      for (const [index, size] of pieces.entries()) {
        await file.write(Buffer.alloc(size, 65 + index));
        bytes += size;
        hash.grewTo(bytes);
      }
      const sum = await hash.digest(bytes);
      await file.close();
      const command = process.platform === 'darwin' ? ['shasum', '-a', '256'] : ['sha256sum'];
      const [program = '', ...rest] = command;
      const expected = execFileSync(program, [...rest, path], { encoding: 'utf8' }).split(' ')[0];
      assert.equal(sum, expected);
    });
  }

  it('rejects when the file is shorter than what was written', async () => {
    const file = await open(join(folder, 'cut'), 'w+');
    const hash = new FileHash(file);
    await file.write(Buffer.alloc(6 * MIB));
    await file.truncate(5 * MIB);
    hash.grewTo(6 * MIB);
    await assert.rejects(hash.digest(6 * MIB), /shorter/);
    await file.close();
  });
});
