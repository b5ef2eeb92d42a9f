import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { isUsageError } from '../../../src/core/client/errors.ts';
import { intoOutfile } from '../../../src/core/sql/intoOutfile.ts';
import { type OutfilePlan, planOutfile } from '../../../src/core/transfer/outfile.ts';

function plan(clause: string): OutfilePlan {
  const found = intoOutfile(`SELECT 1 INTO OUTFILE ${clause}`);
  assert.ok(found, clause);
  return planOutfile(found, { folder: '/work' });
}

describe('planOutfile', () => {
  it('saves as TabSeparated into a new file unless told otherwise', () => {
    assert.deepEqual(plan("'out/x'"), {
      sql: 'SELECT 1',
      path: resolve('/work/out/x'),
      save: {
        format: 'TabSeparated',
        compression: 'none',
        append: false,
        overwrite: false,
        settings: {},
      },
      alsoShow: false,
    });
  });

  it('takes the level over for every coding', () => {
    for (const [clause, coding, level] of [
      ["'x' COMPRESSION 'zstd' LEVEL 22", 'zstd', 22],
      ["'x' COMPRESSION 'br' LEVEL 9", 'br', 9],
      ["'x.lz4' COMPRESSION 'auto' LEVEL 12", 'lz4', 12],
      ["'x' COMPRESSION 'BROTLI' LEVEL 0x5", 'br', 5],
    ] as const) {
      const { save } = plan(clause);
      assert.equal(save.compression, coding);
      assert.deepEqual(save.settings, { http_zlib_compression_level: level });
    }
  });

  it('shows the result as well for AND STDOUT, and replaces or appends when told', () => {
    assert.equal(plan("'x' AND STDOUT").alsoShow, true);
    assert.equal(plan("'x' TRUNCATE").save.overwrite, true);
    assert.equal(plan("'x' APPEND").save.append, true);
  });

  it('lifts the limits of Pretty formats', () => {
    const { settings } = plan("'x' FORMAT Pretty").save;
    assert.ok('output_format_pretty_max_rows' in settings);
  });

  it('keeps absolute names', () => {
    const absolute = resolve('/elsewhere/x.csv');
    assert.equal(plan(`'${absolute.replaceAll('\\', '\\\\')}'`).path, absolute);
  });

  for (const clause of [
    "''",
    "'x' APPEND TRUNCATE",
    "'x.csv.gz' APPEND",
    "'x.parquet' APPEND",
    "'x' APPEND FORMAT JSONCompact",
    "'x' COMPRESSION 'rar'",
    "'x' COMPRESSION 'gzip' LEVEL 10",
    "'x' COMPRESSION 'gzip' LEVEL 0",
    "'x' COMPRESSION 'gzip' LEVEL -1",
    "'x' COMPRESSION 'zstd' LEVEL 23",
    "'x' COMPRESSION 'lz4' LEVEL 2.5",
  ]) {
    it(`refuses ${clause}`, () => {
      assert.throws(() => plan(clause), isUsageError);
    });
  }
});
