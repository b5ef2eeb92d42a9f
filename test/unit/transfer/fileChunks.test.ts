import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileChunks } from '../../../src/core/transfer/fileChunks.ts';

const CONTENT = Buffer.alloc(5_000_003, 'rows of a file, ');

describe('FileChunks', () => {
  let folder = '';
  let path = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-chunks-'));
  });
  beforeEach(async () => {
    path = join(folder, 'x');
    await writeFile(path, CONTENT);
  });
  after(() => rm(folder, { recursive: true }));

  async function read(chunks: FileChunks): Promise<Buffer> {
    const copies: Buffer[] = [];
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    return Buffer.concat(copies);
  }

  it('gives the bytes of the file', async () => {
    assert.ok((await read(new FileChunks(path, CONTENT.length))).equals(CONTENT));
  });

  it('leaves out what was appended since the file was measured', async () => {
    await appendFile(path, 'more');
    assert.ok((await read(new FileChunks(path, CONTENT.length))).equals(CONTENT));
  });

  it('ends where a file ends that has become shorter', async () => {
    await truncate(path, 3_000_000);
    assert.equal((await read(new FileChunks(path, CONTENT.length))).length, 3_000_000);
  });

  it('keeps the error of a file that cannot be read', async () => {
    const chunks = new FileChunks(join(folder, 'missing'), 1);
    await assert.rejects(read(chunks), { code: 'ENOENT' });
    assert.equal((chunks.error as NodeJS.ErrnoException).code, 'ENOENT');
  });

  it('leaves a chunk as it is until two more were asked for', async () => {
    const chunks = new FileChunks(path, CONTENT.length)[Symbol.asyncIterator]();
    const first = await chunks.next();
    const bytes = Buffer.from(first.value as Uint8Array);
    await chunks.next();
    await chunks.next();
    assert.ok(bytes.equals(first.value as Uint8Array));
    await chunks.return(undefined);
  });
});
