import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { CuttingProxy } from '../transfer/cuttingProxy.ts';

const ROWS = 200_000;
const TEXT = Array.from({ length: ROWS }, (_, row) => `${String(row)},text ${String(row)}\n`).join(
  '',
);

describe('compression on the way', () => {
  const engine = useEngine();
  const folder = useFolder();
  let proxy: CuttingProxy;
  let here: Client;
  let elsewhere: Client;
  before(async () => {
    proxy = new CuttingProxy(Number(new URL(engine().url).port));
    const url = await proxy.listen();
    here = createClient({ ...engine(), url });
    // The same machine by an address that does not tell.
    elsewhere = createClient({ ...engine(), url: url.replace('127.0.0.1', '0.0.0.0') });
    await here.command('CREATE TABLE target (a UInt32, b String) ENGINE = MergeTree ORDER BY a');
    await writeFile(join(folder(), 'text.csv'), TEXT);
    await writeFile(join(folder(), 'text.csv.gz'), gzipSync(TEXT));
    const sql = `SELECT toUInt32(number) AS a, toString(number) AS b FROM numbers(${String(ROWS)})`;
    await here.saveTo(sql, join(folder(), 'rows.native'), { format: 'Native' });
  });
  after(async () => {
    await here.close();
    await elsewhere.close();
    await proxy.close();
  });

  /** Inserts a file and tells the coding of the request. */
  async function coding(
    client: Client,
    name: string,
    compression?: 'none' | 'gzip' | 'zstd',
  ): Promise<string | undefined> {
    await here.command('TRUNCATE TABLE target');
    const seen: [number, number | undefined][] = [];
    const path = join(folder(), name);
    const summary = await client.insertFile({
      table: 'target',
      path,
      ...(compression && { compression }),
      onProgress: ({ bytes, totalBytes }) => seen.push([bytes, totalBytes]),
    });
    assert.equal(summary.writtenRows, ROWS);
    const sums = await client.rawQuery('SELECT count(), sum(a) FROM target');
    assert.equal(sums.text(), `${String(ROWS)}\t${String((ROWS * (ROWS - 1)) / 2)}\n`);
    // Progress is told in bytes of the file, whatever goes over the line.
    const [done, whole] = seen.at(-1) ?? [];
    assert.ok(done !== undefined && done === whole && done === summary.bytes);
    return /\r\ncontent-encoding: (\S+)/.exec(proxy.uploads.at(-1) ?? '')?.[1];
  }

  it('is for plain text and servers elsewhere', async () => {
    assert.equal(await coding(elsewhere, 'text.csv'), 'zstd');
  });
  it('is not for this machine', async () => {
    assert.equal(await coding(here, 'text.csv'), undefined);
  });
  // Its beginning unpacks to more than a parameter of the server takes.
  it('leaves a compressed file as it is', async () => {
    assert.equal(await coding(elsewhere, 'text.csv.gz'), 'gzip');
    assert.equal(await coding(elsewhere, 'text.csv.gz', 'zstd'), 'gzip');
  });
  it('leaves binary formats as they are', async () => {
    assert.equal(await coding(elsewhere, 'rows.native'), undefined);
  });
  for (const choice of ['gzip', 'zstd'] as const) {
    it(`is as chosen: ${choice}`, async () => {
      assert.equal(await coding(here, 'text.csv', choice), choice);
      assert.equal(await coding(elsewhere, 'rows.native', choice), choice);
    });
  }
  it('is as chosen: none', async () => {
    assert.equal(await coding(elsewhere, 'text.csv', 'none'), undefined);
  });
});
