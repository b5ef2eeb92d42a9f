import assert from 'node:assert/strict';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { openSpool } from '../../../src/core/arrow/spool/openSpool.ts';
import { SpoolError, spoolFailure } from '../../../src/core/arrow/spool/spoolError.ts';
import { SpoolWriter } from '../../../src/core/arrow/spool/spoolWriter.ts';
import { sampleTable, streamOf } from './streams.ts';

const BATCHES = [sampleTable(0, 10), sampleTable(10, 1), sampleTable(11, 30)];
const ROWS = 41;
const stream = streamOf(BATCHES);

interface Row {
  number: bigint;
  text: string | null;
  list: bigint[];
}

const expectedRow = (n: number): Row => ({
  number: BigInt(n),
  text: n % 3 === 0 ? null : `row ${n}`,
  list: Array.from({ length: n % 4 }, (_, i) => BigInt(n + i)),
});

/** Read by apache-arrow's own values, as any other reader of the stream would. */
function rowsOf(ipc: Uint8Array): Partial<Row>[] {
  const rows = tableFromIPC(ipc).toArray() as { toJSON(): Partial<Row> }[];
  return rows.map((row) => {
    const { list, ...rest } = row.toJSON();
    return list ? { ...rest, list: [...list] } : rest;
  });
}

describe('spool', () => {
  let folder: string;
  let path: string;
  let writer: SpoolWriter;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-spool-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    path = join(folder, 'result.arrow');
    writer = await SpoolWriter.create(path);
  });
  afterEach(async () => {
    await writer.spool.dispose();
  });

  async function fill(chunkBytes: number): Promise<void> {
    for (let at = 0; at < stream.length; at += chunkBytes) {
      await writer.write(stream.slice(at, at + chunkBytes));
    }
    await writer.finish();
  }

  it('gives any rows back, also across batches', async () => {
    await fill(100);
    assert.equal(writer.spool.rows, ROWS);
    assert.equal(writer.spool.bytes, stream.length);
    assert.equal(writer.spool.complete, true);
    for (let firstRow = 0; firstRow <= ROWS; firstRow++) {
      for (const rows of [0, 1, 7, 13, 100]) {
        const ipc = await writer.spool.readWindow({ firstRow, rows, columns: [0, 1, 2] });
        const count = Math.min(rows, ROWS - firstRow);
        const expected = Array.from({ length: count }, (_, i) => expectedRow(firstRow + i));
        assert.deepEqual(rowsOf(ipc), expected, `rows ${firstRow} + ${rows}`);
      }
    }
  });

  it('gives only the columns asked for, in that order', async () => {
    await fill(1 << 20);
    const ipc = await writer.spool.readWindow({ firstRow: 9, rows: 3, columns: [2, 0] });
    const { fields } = tableFromIPC(ipc).schema;
    assert.deepEqual(
      fields.map((field) => field.name),
      ['list', 'number'],
    );
    const expected = [9, 10, 11].map(expectedRow).map(({ number, list }) => ({ list, number }));
    assert.deepEqual(rowsOf(ipc), expected);
    await assert.rejects(
      writer.spool.readWindow({ firstRow: 0, rows: 1, columns: [3] }),
      RangeError,
    );
  });

  it('answers with one buffer that holds nothing else', async () => {
    await fill(1 << 20);
    const ipc = await writer.spool.readWindow({ firstRow: 0, rows: 2, columns: [0] });
    assert.equal(ipc.byteOffset, 0);
    assert.equal(ipc.buffer.byteLength, ipc.length);
    assert.equal(Buffer.isBuffer(ipc), false);
  });

  it('can be read while it is written', async () => {
    await writer.write(stream.slice(0, stream.length - 600));
    const { rows } = writer.spool;
    assert.ok(rows >= 10 && rows < ROWS, `${rows} rows`);
    assert.equal(writer.spool.complete, false);
    assert.equal(writer.spool.error, undefined);
    const ipc = await writer.spool.readWindow({ firstRow: rows - 1, rows: 5, columns: [0, 1, 2] });
    assert.deepEqual(rowsOf(ipc), [expectedRow(rows - 1)]);
  });

  it('says that a stream without its end marker is not complete', async () => {
    await writer.write(stream.slice(0, stream.length - 8));
    await writer.finish();
    assert.equal(writer.spool.rows, ROWS);
    assert.equal(writer.spool.complete, false);
    assert.match(String(writer.spool.error), /without its end marker/);
  });

  it('keeps the whole batches of a stream that broke off, with the reason', async () => {
    const reason = new Error('the server went away');
    await writer.write(stream.slice(0, stream.length - 600));
    await writer.fail(reason);
    assert.equal(writer.spool.complete, false);
    assert.equal(writer.spool.error, reason);
    assert.ok(writer.spool.rows >= 10);
  });

  it('leaves a whole Arrow stream of these batches in the file, for other readers', async () => {
    for (const cut of [9, 600, 900]) {
      await writer.spool.dispose();
      writer = await SpoolWriter.create(path);
      await writer.write(stream.slice(0, stream.length - cut));
      assert.equal(writer.spool.ended, false);
      await writer.fail(new Error('the server went away'));
      assert.equal(writer.spool.ended, true);
      const bytes = await readFile(path);
      assert.equal(bytes.length, writer.spool.bytes);
      assert.deepEqual([...bytes.subarray(-8)], [255, 255, 255, 255, 0, 0, 0, 0]);
      const rows = rowsOf(bytes);
      assert.deepEqual(
        rows,
        Array.from({ length: writer.spool.rows }, (_, n) => expectedRow(n)),
      );
    }
  });

  it('deletes its file and refuses to read when it is disposed', async () => {
    await fill(1 << 20);
    await writer.spool.dispose();
    await writer.spool.dispose();
    await assert.rejects(access(path));
    await assert.rejects(
      writer.spool.readWindow({ firstRow: 0, rows: 1, columns: [0] }),
      (error: unknown) => error instanceof SpoolError && error.reason === 'disposed',
    );
  });

  it('does not read for a window that was abandoned', async () => {
    await fill(1 << 20);
    const window = { firstRow: 0, rows: 1, columns: [0], signal: AbortSignal.abort() };
    await assert.rejects(writer.spool.readWindow(window), { name: 'AbortError' });
  });

  it('notices a file that was cut from outside', async () => {
    await fill(1 << 20);
    await writeFile(path, stream.slice(0, 300));
    await assert.rejects(
      writer.spool.readWindow({ firstRow: 40, rows: 1, columns: [0] }),
      (error: unknown) => error instanceof SpoolError && error.reason === 'damaged',
    );
  });

  it('never overwrites a file', async () => {
    await assert.rejects(SpoolWriter.create(path), SpoolError);
  });

  it('gives the same rows when it is opened again, also by another process', async () => {
    await fill(1 << 20);
    const again = await openSpool(path, true);
    assert.deepEqual(
      [again.rows, again.bytes, again.complete, again.ended],
      [ROWS, stream.length, true, true],
    );
    const window = { firstRow: 8, rows: 20, columns: [0, 1, 2] };
    assert.deepEqual(
      rowsOf(await again.readWindow(window)),
      rowsOf(await writer.spool.readWindow(window)),
    );
    await again.dispose();
    await assert.rejects(access(path));
  });

  it('refuses to open a file that was cut or is something else', async () => {
    await fill(1 << 20);
    for (const bytes of [stream.slice(0, -8), stream.slice(0, 300), Buffer.from('PAR1 and more')]) {
      await writeFile(path, bytes);
      await assert.rejects(openSpool(path, true), SpoolError);
    }
  });

  it('names a full disk', () => {
    const error = spoolFailure('/x', 'write', Object.assign(new Error('no'), { code: 'ENOSPC' }));
    assert.equal(error.reason, 'diskFull');
    assert.match(error.message, /disk is full/);
  });
});
