import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { isCancelledError, isFileError } from '../../../src/core/client/errors.ts';
import { rowCounter } from '../../../src/core/transfer/rows/rowCounter.ts';
import { rowsInFile } from '../../../src/core/transfer/rows/rowsInFile.ts';
import { countWholeRows } from '../../../src/core/transfer/rows/wholeRows.ts';
import { LineScan } from '../../../src/core/transfer/rows/lineScan.ts';
import { seededRandom, useFolder } from '../../engine/client/support.ts';

function count(format: string, text: string, step = text.length): number | undefined {
  const counter = rowCounter(format);
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) counter?.push(bytes.subarray(at, at + step));
  return counter?.rows;
}

describe('rowCounter', () => {
  for (const [format, text, rows] of [
    ['TSV', '', 0],
    ['TSV', '1\ta', 0],
    ['TSV', '1\ta\n2\tb\n3', 2],
    ['TSV', '1\r\n2\r\n', 2],
    ['TSVWithNames', 'a\tb', 0],
    ['TSVWithNames', 'a\tb\n', 0],
    ['TSVWithNames', 'a\tb\n1\t2\n', 1],
    ['TSVWithNamesAndTypes', 'a\nUInt8\n1\n2\n', 2],
    ['TSKV', 'a=1\na=2\n', 2],
    ['CSV', '"a\n""b\n",1\n2,"\n', 1],
    ['CSV', '"a""\n",1\r\n"","\r\n"\r\n', 2],
    ['CSVWithNames', '"a\nb"\n1\n2\n', 2],
    ['CSVWithNamesAndTypes', '"a"\n"UInt8"\n', 0],
    ['JSONL', '{"a":"\\n"}\n{"a":2}\n{"a"', 2],
    ['JSONEachRow', '[\n{"a":1},\n{"a":2}\n]\n', 2],
    ['JSONCompactEachRowWithNames', '["a"]\n[1]\n[2]\n', 2],
  ] as const) {
    it(`finds ${rows} rows of ${format} in ${JSON.stringify(text)}, whatever the chunks`, () => {
      for (const step of [1, 2, 3, 5, 100]) assert.equal(count(format, text, step), rows);
    });
  }

  it('says nothing about formats in which a line is not a row', () => {
    for (const format of ['Parquet', 'TSVRaw', 'LineAsString', 'JSON', 'Native', 'Pretty', 'XML']) {
      assert.equal(rowCounter(format), undefined, format);
    }
  });
});

describe('countWholeRows', () => {
  const folder = useFolder();
  const rows = Array.from({ length: 50_000 }, (_, row) => `${row},"a\n${row * 7919}"\n`).join('');
  const coders = {
    gzip: zlib.gzipSync,
    deflate: zlib.deflateSync,
    br: (bytes: Buffer) =>
      zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } }),
    zstd: zlib.zstdCompressSync,
  } as const;

  for (const compression of ['gzip', 'deflate', 'br', 'zstd'] as const) {
    it(`counts what is readable of a ${compression} file that breaks off`, async () => {
      const whole = coders[compression](Buffer.from(rows));
      const path = join(folder(), `cut.${compression}`);
      await writeFile(path, whole);
      assert.deepEqual(await countWholeRows(path, { format: 'CSV', compression }), {
        rows: 50_000,
      });
      await writeFile(path, whole.subarray(0, whole.length / 2));
      const { rows: some = 0 } = await countWholeRows(path, { format: 'CSV', compression });
      assert.ok(some > 10_000 && some < 40_000, String(some));
    });
  }

  for (const compression of ['gzip', 'zstd', 'br'] as const) {
    it(`goes on after the first part of an appended ${compression} file`, async () => {
      const part = coders[compression](Buffer.from('1\n2\n'));
      const path = join(folder(), `parts.${compression}`);
      await writeFile(path, Buffer.concat([part, part, part]));
      assert.deepEqual(await countWholeRows(path, { format: 'TSV', compression }), { rows: 6 });
    });
  }

  it('says why it cannot', async () => {
    const reason = async (format: string, compression: 'none' | 'xz' | 'gzip'): Promise<string> => {
      const path = join(folder(), 'x');
      await writeFile(path, 'not compressed');
      const result = await countWholeRows(path, { format, compression });
      return result.rows === undefined ? result.reason : '';
    };
    assert.equal(await reason('Parquet', 'none'), 'A Parquet file cannot be read without its end.');
    assert.match(await reason('Native', 'none'), /Native/);
    assert.match(await reason('CSV', 'xz'), /xz/);
    assert.match(await reason('CSV', 'gzip'), /damaged/);
  });

  it('ends with a typed error when there is no file, and when it is cancelled', async () => {
    const missing = join(folder(), 'missing');
    await assert.rejects(countWholeRows(missing, { format: 'CSV' }), isFileError);
    await assert.rejects(
      countWholeRows(missing, { format: 'CSV', compression: 'gzip' }),
      isFileError,
    );
    const path = join(folder(), 'sparse');
    const file = await open(path, 'w');
    await file.truncate(8 * 1024 ** 3);
    await file.close();
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 20);
    await assert.rejects(
      countWholeRows(path, { format: 'CSV' }, controller.signal),
      isCancelledError,
    );
  });

  it('lets other work go on', async () => {
    const path = join(folder(), 'big.csv');
    await writeFile(path, Buffer.alloc(64 * 1024 * 1024, 'abc\n'));
    let turns = 0;
    let running = true;
    const turn = (): void => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    assert.deepEqual(await countWholeRows(path, { format: 'CSV' }), { rows: 16 * 1024 * 1024 });
    running = false;
    assert.ok(turns > 100, `${turns} turns of the event loop`);
  });
});

describe('rowsInFile', () => {
  const folder = useFolder();

  it('is undefined for what is no whole Parquet file', async () => {
    const path = join(folder(), 'x.parquet');
    for (const bytes of [
      Buffer.from(''),
      Buffer.from('PAR1'),
      Buffer.from('PAR1 and more, but cut'),
      Buffer.from('\xff\xff\xff\x7fPAR1', 'latin1'),
      Buffer.from(`${'\x19\xff\xff\xff'.repeat(9)}\x24\x00\x00\x00PAR1`, 'latin1'),
      Buffer.from(`${'\x1c'.repeat(36)}\x24\x00\x00\x00PAR1`, 'latin1'),
    ]) {
      await writeFile(path, bytes);
      assert.equal(await rowsInFile(path, { format: 'Parquet' }), undefined);
    }
    assert.equal(await rowsInFile(path, { format: 'CSV' }), undefined);
    await assert.rejects(rowsInFile(join(folder(), 'none'), { format: 'Parquet' }), isFileError);
  });
});

describe('LineScan', () => {
  it('finds what a look at each byte finds, in chunks of any size', () => {
    const random = seededRandom(7);
    const signs = ['"', '\n', 'a', ',', '\0', '\xff'];
    for (let turn = 0; turn < 60; turn++) {
      const bytes = Buffer.from(
        Array.from({ length: Math.floor(random() * 3000) }, () =>
          (signs[Math.floor(random() * signs.length)] ?? '').charCodeAt(0),
        ),
      );
      const size = 1 + Math.floor(random() * 500);
      for (const quoted of [true, false]) {
        const scan = new LineScan({ quoted });
        for (let at = 0; at < bytes.length; at += size) scan.push(bytes.subarray(at, at + size));
        const text = bytes.toString('latin1');
        const outside = quoted ? text.split('"').filter((_, part) => part % 2 === 0) : [text];
        assert.equal(scan.lines, outside.join('').split('\n').length - 1);
      }
    }
  });
});
