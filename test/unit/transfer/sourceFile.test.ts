import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as zlib from 'node:zlib';
import { CancelledError, isFileError } from '../../../src/core/client/errors.ts';
import { insertSources } from '../../../src/core/transfer/insertSources.ts';
import { inspectFile, wholeLines } from '../../../src/core/transfer/sourceFile.ts';

const PARQUET = Buffer.from('PAR1\x15\0\x15\x04PAR1', 'latin1');

const FAST_BROTLI = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } };

describe('a file to be inserted', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-source-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function written(name: string, content: string | Uint8Array): Promise<string> {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  }

  async function refused(path: string, code: string): Promise<string> {
    let said = '';
    await assert.rejects(inspectFile(path, {}), (error) => {
      assert.ok(isFileError(error));
      assert.equal(error.code, code);
      said = error.message;
      return true;
    });
    return said;
  }

  const codings: [suffix: string, pack: (data: Buffer) => Buffer][] = [
    ['gz', (data) => zlib.gzipSync(data)],
    ['zst', (data) => zlib.zstdCompressSync(data)],
    ['br', (data) => zlib.brotliCompressSync(data, FAST_BROTLI)],
  ];
  for (const [suffix, pack] of codings) {
    it(`has first lines also where it hardly compresses: .${suffix}`, async () => {
      const lines = Array.from(
        { length: 10_000 },
        (_, id) => `${id},${randomBytes(24).toString('base64')}\n`,
      ).join('');
      const file = await inspectFile(
        await written(`x.csv.${suffix}`, pack(Buffer.from(lines))),
        {},
      );
      const head = wholeLines(file);
      assert.ok(head.length > 30_000, `${head.length} bytes`);
      assert.ok(lines.startsWith(head));
      assert.equal(file.headIsWhole, false);
    });

    it(`is whole where it is short, and has a beginning where it is cut: .${suffix}`, async () => {
      const packed = pack(Buffer.from('id,name\n1,a\n'));
      const whole = await inspectFile(await written(`y.csv.${suffix}`, packed), {});
      assert.deepEqual([wholeLines(whole), whole.headIsWhole], ['id,name\n1,a\n', true]);
      const long = pack(Buffer.from(randomBytes(300_000).toString('base64')));
      const cut = await written(`z.csv.${suffix}`, long.subarray(0, long.length - 5));
      assert.ok(((await inspectFile(cut, {})).head?.length ?? 0) > 30_000);
    });
  }

  it('is not sent as text when it is proven to be something else, unless that was chosen', async () => {
    const path = await written('x.csv', PARQUET);
    assert.match(await refused(path, 'MAGIC'), /ends in \.csv, but the content is Parquet/);
    assert.equal((await inspectFile(path, { format: 'CSV' })).format, 'CSV');
  });

  it('says so where a .json file holds other text', async () => {
    const path = await written('x.json', 'a,b\n1,2\n');
    const { format, remarks } = await inspectFile(path, { trust: 'content' });
    assert.equal(format, 'CSVWithNames');
    assert.match(remarks.join(), /look like CSVWithNames/);
  });

  it('is no pipe, which would be waited for', async () => {
    if (process.platform === 'win32') return;
    const path = join(folder, 'pipes', 'pipe');
    execFileSync('mkdir', [join(folder, 'pipes')]);
    execFileSync('mkfifo', [path]);
    assert.match(await refused(path, 'EINVAL'), /is not a file/);
    assert.deepEqual(await insertSources([join(folder, 'pipes')]), { files: [], others: [path] });
  });

  it('is not looked for any longer in a folder once that is cancelled', async () => {
    await mkdir(join(folder, 'many'));
    for (const name of ['a', 'b', 'c']) await written(join('many', `${name}.unknown`), '?');
    const stop = new AbortController();
    const looked: string[] = [];
    const looking = insertSources([join(folder, 'many')], {
      signal: stop.signal,
      onLook: (path) => {
        looked.push(basename(path));
        stop.abort();
      },
    });
    await assert.rejects(looking, CancelledError);
    assert.deepEqual(looked, ['a.unknown']);
  });
});
