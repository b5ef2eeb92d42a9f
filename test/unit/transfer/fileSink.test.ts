import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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
    const file = await open(path, 'w+');
    let drains = 0;
    const errors: Error[] = [];
    const sink = new FileSink(
      file,
      { start: 0, sums: true },
      {
        drain: () => (drains += 1),
        error: (error) => errors.push(error),
      },
    );
    const chunks = Array.from({ length: 3_000 }, (_, index) =>
      Buffer.alloc((index * 37) % 29_000, index % 256),
    );
    let pauses = 0;
    for (const chunk of chunks) if (!sink.write(chunk)) pauses += 1;
    const sum = await sink.end();
    await sink.stop();
    await file.close();
    const expected = Buffer.concat(chunks);
    assert.ok((await readFile(path)).equals(expected));
    assert.equal(sink.bytes, expected.length);
    assert.equal(sum, createHash('sha256').update(expected).digest('hex'));
    assert.ok(pauses > 0 && drains > 0);
    assert.deepEqual(errors, []);
  });

  it('writes the same without a sum', async () => {
    const path = join(folder, 'unsummed');
    for (const bytes of [0, 5, 1024 * 1024, 20 * 1024 * 1024 + 7]) {
      const file = await open(path, 'w+');
      const sink = new FileSink(
        file,
        { start: 0, sums: false },
        { drain: () => undefined, error: assert.ifError },
      );
      const chunks = Array.from({ length: Math.ceil(bytes / 60_000) }, (_, index) =>
        Buffer.alloc(Math.min(60_000, bytes - index * 60_000), index % 256),
      );
      for (const chunk of chunks) sink.write(chunk);
      assert.equal(await sink.end(), undefined);
      await sink.stop();
      await file.close();
      assert.ok((await readFile(path)).equals(Buffer.concat(chunks)));
    }
  });

  it('leaves a file that someone cut to the check at the end of the save', async () => {
    const path = join(folder, 'cut');
    const file = await open(path, 'w+');
    const by = { start: 3 * 1024 * 1024, sums: true };
    const sink = new FileSink(file, by, { drain: () => undefined, error: assert.ifError });
    sink.write(Buffer.alloc(1024 * 1024));
    await sink.end();
    await sink.stop();
    await file.close();
    assert.equal((await readFile(path)).length, 1024 * 1024);
  });

  it('reports a full disk once and drops what follows', async function () {
    if (process.platform !== 'linux') return;
    const file = await open('/dev/full', 'w');
    const errors: string[] = [];
    const sink = new FileSink(
      file,
      { start: 0, sums: true },
      {
        drain: () => undefined,
        error: (error) => errors.push((error as NodeJS.ErrnoException).code ?? ''),
      },
    );
    for (let index = 0; index < 8; index += 1) sink.write(Buffer.alloc(1024 * 1024));
    await assert.rejects(sink.end(), { code: 'ENOSPC' });
    assert.deepEqual(errors, ['ENOSPC']);
    await sink.stop();
    await file.close();
  });

  it('fails when the disk could not keep what was written, even at the last moment', async () => {
    const file = await open(join(folder, 'lost'), 'w+');
    let lose: ((error: Error) => void) | undefined;
    file.datasync = () =>
      new Promise((_resolve, reject) => {
        lose = reject;
      });
    const errors: Error[] = [];
    let goOn: () => void = () => undefined;
    const sink = new FileSink(
      file,
      { start: 0, sums: true },
      {
        drain: () => {
          goOn();
        },
        error: (error) => errors.push(error),
      },
    );
    const page = Buffer.alloc(1024 * 1024);
    // Enough that some are made durable while the rest is written.
    for (let index = 0; index < 80; index += 1) {
      const drained = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      if (!sink.write(page)) await drained;
    }
    const ended = sink.end();
    assert.ok(lose !== undefined);
    lose(Object.assign(new Error('lost'), { code: 'EIO' }));
    await assert.rejects(ended, { code: 'EIO' });
    assert.equal(errors.length, 1);
    await sink.stop();
    await file.close();
  });

  it('writes a chunk that is larger than all its memory', async () => {
    const path = join(folder, 'large');
    const file = await open(path, 'w+');
    let drained: () => void = () => undefined;
    const sink = new FileSink(
      file,
      { start: 0, sums: true },
      {
        drain: () => {
          drained();
        },
        error: () => undefined,
      },
    );
    const chunk = Buffer.alloc(40 * 1024 * 1024 + 1, 'pattern');
    const drain = new Promise<void>((resolve) => {
      drained = resolve;
    });
    assert.equal(sink.write(chunk), false);
    await drain;
    await sink.end();
    await sink.stop();
    await file.close();
    assert.ok((await readFile(path)).equals(chunk));
  });
});
