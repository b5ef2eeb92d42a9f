import assert from 'node:assert/strict';
import { basename, join, resolve } from 'node:path';
import { isUsageError } from '../../../src/core/client/errors.ts';
import type { FormatChoices } from '../../../src/core/transfer/options/formatOption.ts';
import { planScript, type ScriptChoices } from '../../../src/core/transfer/scriptPlan.ts';

const FOLDER = resolve('/out');

function plan(script: string, by: Partial<ScriptChoices> = {}): string[] {
  return planScript(script, { folder: FOLDER, format: 'CSVWithNames', ...by }).map((step) =>
    step.kind === 'run' ? `run ${step.sql}` : `${basename(step.path)} ${step.save.format}`,
  );
}

describe('planScript', () => {
  it('numbers files by the place of the statement and names them after it', () => {
    assert.deepEqual(
      plan(`SET a = 1; SELECT * FROM db.trips; CREATE TABLE t (a UInt8) ENGINE = Memory;
        SHOW TABLES; INSERT INTO t VALUES (1); SELECT 1 FORMAT Null; SELECT 2`),
      [
        'run SET a = 1',
        '02-trips.csv CSVWithNames',
        'run CREATE TABLE t (a UInt8) ENGINE = Memory',
        '04-show-tables.csv CSVWithNames',
        'run INSERT INTO t VALUES (1)',
        'run SELECT 1 FORMAT Null',
        '07-select.csv CSVWithNames',
      ],
    );
    assert.equal(plan('SELECT 1;'.repeat(100))[6], '007-select.csv CSVWithNames');
  });

  it('takes the format of a statement that names one, without the choices for another', () => {
    const [own, same] = planScript('SELECT 1 FORMAT JSONEachRow; SELECT 1 FORMAT TSV', {
      folder: FOLDER,
      format: 'TabSeparated',
      choices: { nullText: '' },
      compression: 'zstd',
    });
    assert.ok(own?.kind === 'save' && same?.kind === 'save');
    assert.equal(basename(own.path), '01-select.jsonl.zst');
    assert.equal(own.save.format, 'JSONEachRow');
    assert.deepEqual(own.save.settings, {});
    assert.equal(same.save.format, 'TabSeparated');
    assert.deepEqual(same.save.settings, { format_tsv_null_representation: '' });
  });

  it('leaves the delimiter to what holds when a statement runs, also without quotes', () => {
    const script = `SELECT 1; SET format_csv_delimiter = ';'; SELECT 2; SELECT 3 SETTINGS format_csv_delimiter = '|';
      SET format_csv_delimiter = DEFAULT; SELECT 4`;
    const delimiters = (choices: FormatChoices): unknown[] =>
      planScript(script, {
        folder: FOLDER,
        format: 'CSV',
        choices,
        server: new Map([['format_csv_delimiter', ',']]),
        held: [{ name: 'format_csv_delimiter', value: "'#'" }],
      })
        .filter((step) => step.kind === 'save')
        .map(({ save }) => save.settings['format_custom_field_delimiter']);
    assert.deepEqual(delimiters({ quotes: 'none' }), ['#', ';', '|', ',']);
    assert.deepEqual(delimiters({ quotes: 'none', delimiter: '!' }), ['!', '!', '|', '!']);
  });

  it('refuses a statement whose totals or extremes would be missing without quotes', () => {
    const totals = 'SELECT 1; SELECT count() GROUP BY 1 WITH TOTALS';
    const extremes = 'SET extremes = 1; SELECT 1';
    const server = new Map([['extremes', '0']]);
    for (const script of [totals, extremes]) {
      assert.equal(plan(script, { server }).length, 2);
      assert.throws(
        () => plan(script, { server, choices: { quotes: 'none' } }),
        (error) => isUsageError(error) && error.message.startsWith('Statement 2 '),
        script,
      );
    }
    const off = `${extremes} SETTINGS extremes = 0; SET extremes = DEFAULT; ${totals} FORMAT TSV`;
    assert.equal(plan(off, { server, choices: { quotes: 'none' } }).length, 5);
  });

  it('makes safe names of any table', () => {
    for (const [table, name] of [
      ['a/b\\\\c:d', '01-a_b_c_d.csv'],
      ['../../etc/passwd', '01-etc_passwd.csv'],
      ['Größe 日本', '01-Größe_日本.csv'],
      ['...', '01-statement.csv'],
      ['x'.repeat(300), `01-${'x'.repeat(60)}.csv`],
      ['a\\0\\n', '01-a.csv'],
    ] as const) {
      assert.deepEqual(plan(`SELECT 1 FROM \`${table}\``), [`${name} CSVWithNames`], table);
    }
  });

  it('leaves INTO OUTFILE where it says', () => {
    const [step] = planScript("SELECT 1 INTO OUTFILE 'sub/x.tsv.gz' TRUNCATE", {
      folder: FOLDER,
      format: 'Parquet',
      outfileFolder: resolve('/work'),
    });
    assert.ok(step?.kind === 'save');
    assert.equal(step.path, resolve('/work/sub/x.tsv.gz'));
    assert.equal(step.sql, 'SELECT 1');
    assert.ok(step.isOutfile && step.save.overwrite);
    assert.equal(step.save.format, 'TabSeparated');
    assert.equal(step.save.compression, 'gzip');
  });

  it('refuses two statements that write one file, also where only the case differs', () => {
    const one = "SELECT 1 INTO OUTFILE 'X.csv'";
    for (const script of [
      `${one}; SELECT 2 INTO OUTFILE 'x.CSV'`,
      `SELECT 1; SELECT 2 INTO OUTFILE '${join(FOLDER, '01-SELECT.csv').replaceAll('\\', '\\\\')}'`,
    ]) {
      assert.throws(() => plan(script), isUsageError, script);
    }
    assert.equal(plan(`${one}; SELECT 2 INTO OUTFILE 'X.csv' APPEND`).length, 2);
  });

  it('refuses what cannot be before anything runs', () => {
    for (const script of ['', ' -- nothing', "SELECT 1; SELECT 1 INTO OUTFILE ''"]) {
      assert.throws(() => plan(script), isUsageError, script);
    }
    assert.throws(() => plan('SELECT 1', { choices: { no: 1 } }), isUsageError);
  });
});
