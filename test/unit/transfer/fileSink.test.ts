import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSink } from '../../../src/core/transfer/fileSink.ts';

describe('FileSink', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-sink-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('writes chunks of all sizes in order and asks to pause when it falls behind', async () => {
    const path = join(folder, 'x');
    const file = await open(path, 'w');
    let drains = 0;
    const errors: Error[] = [];
    let written = 0;
    const sink = new FileSink(file, {
      drain: () => (drains += 1),
      written: (bytes) => (written = bytes),
      error: (error) => errors.push(error),
    });
    const chunks = Array.from({ length: 3_000 }, (_, index) =>
      Buffer.alloc((index * 37) % 9_000, index % 256),
    );
    let pauses = 0;
    for (const chunk of chunks) if (!sink.write(chunk)) pauses += 1;
    await sink.flush();
    await file.close();
    const expected = Buffer.concat(chunks);
    assert.ok((await readFile(path)).equals(expected));
    assert.equal(sink.bytes, expected.length);
    assert.equal(written, expected.length);
    assert.ok(pauses > 0 && drains > 0);
    assert.deepEqual(errors, []);
  });

  it('reports a full disk once and drops what follows', async function () {
    if (process.platform !== 'linux') return;
    const file = await open('/dev/full', 'w');
    const errors: string[] = [];
    const sink = new FileSink(file, {
      drain: () => undefined,
      written: () => undefined,
      error: (error) => errors.push((error as NodeJS.ErrnoException).code ?? ''),
    });
    for (let index = 0; index < 8; index += 1) sink.write(Buffer.alloc(1024 * 1024));
    await assert.rejects(sink.flush(), { code: 'ENOSPC' });
    assert.deepEqual(errors, ['ENOSPC']);
    await file.close();
  });
});
