import assert from 'node:assert/strict';
import type { InsertPlan } from '../../../../src/core/transfer/insertPlan.ts';
import { insertQuestion } from '../../../../src/host/transfer/insertQuestion.ts';

const column = (name: string) => ({ name, type: 'String' });
const tableColumn = (name: string, computed = false) => ({
  ...column(name),
  computed,
  optional: false,
});

const plan: InsertPlan = {
  path: '/data/weather.csv',
  bytes: 48_000,
  modified: 0,
  settings: {},
  format: 'CSVWithNames',
  coding: undefined,
  namesColumns: true,
  fileColumns: [column('date'), column('wind')],
  unreadable: undefined,
  isEmpty: false,
  tableColumns: [tableColumn('date'), tableColumn('wind')],
  missing: [],
  extra: [],
};

describe('the question before an insert', () => {
  it('names file, table, format, columns and size', () => {
    assert.deepEqual(insertQuestion([plan], 'default.weather'), {
      question: 'Insert weather.csv into default.weather?',
      detail: 'CSVWithNames, 2 columns, 48 kB',
    });
  });

  it('tells the compression, missing and extra columns', () => {
    const { detail } = insertQuestion(
      [{ ...plan, coding: 'gzip', missing: [tableColumn('rain')], extra: [column('snow')] }],
      't',
    );
    assert.match(detail, /CSVWithNames compressed with gzip/);
    assert.match(detail, /Not in the file, filled with their defaults: rain\./);
    assert.match(detail, /Not in the table, skipped: snow\./);
  });

  it('tells that the file could not be read, and why, in one line', () => {
    const unreadable = 'Rows have different amount of values.';
    const bad = { ...plan, fileColumns: undefined };
    assert.equal(
      insertQuestion([{ ...bad, unreadable }], 't').detail,
      `CSVWithNames, 48 kB\nThe columns could not be read: ${unreadable}`,
    );
    const long = `${'x'.repeat(5_000)}\nsecond line`;
    assert.ok(insertQuestion([{ ...bad, unreadable: long }], 't').detail.length < 300);
  });

  it('tells that a file is empty', () => {
    const empty = { ...plan, fileColumns: undefined, bytes: 0, isEmpty: true };
    assert.equal(insertQuestion([empty], 't').detail, 'CSVWithNames, 0 bytes\nThe file is empty.');
  });

  it('warns when columns go by order and their numbers differ', () => {
    const { detail } = insertQuestion(
      [
        {
          ...plan,
          format: 'CSV',
          namesColumns: false,
          tableColumns: [tableColumn('a'), tableColumn('b', true)],
        },
      ],
      't',
    );
    assert.match(detail, /columns go by their order/);
    assert.match(detail, /The file has 2 columns, the table takes 1\./);
  });

  it('stays short for wide tables', () => {
    const missing = Array.from({ length: 500 }, (_, index) => tableColumn(`c${index}`));
    const { detail } = insertQuestion([{ ...plan, missing }], 't');
    assert.match(detail, /c11 and 488 more/);
    assert.ok(detail.length < 300);
  });

  it('is one question for several files', () => {
    const { question, detail } = insertQuestion([plan, { ...plan, path: '/data/b.csv' }], 't');
    assert.equal(question, 'Insert 2 files (96 kB) into t?');
    assert.match(
      detail,
      /weather\.csv: CSVWithNames[^]*b\.csv: CSVWithNames[^]*first failure stops/,
    );
  });

  it('says only what is known', () => {
    const unknown = {
      ...plan,
      fileColumns: undefined,
      tableColumns: undefined,
      namesColumns: false,
    };
    assert.equal(insertQuestion([unknown], 't').detail, 'CSVWithNames, 48 kB');
  });
});
