import assert from 'node:assert/strict';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client, Session } from '../../../src/core/client/surface.ts';
import { type CutSettings, resultSettings } from '../../../src/core/transfer/cutSettings.ts';
import { useEngine } from '../fixture.ts';

const ROWS = 'SELECT number FROM numbers(20)';

describe('settings that cut a result without an error', () => {
  const engine = useEngine();
  let client: Client;
  let session: Session;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(() => {
    session = client.session();
  });
  afterEach(() => session.close());
  after(() => client.close());

  const rowsOf = async (sql: string): Promise<number> =>
    (await session.rawQuery(sql, { format: 'CSV' })).text().split('\n').length - 1;

  const cuts: [set: string, sql: string, found: CutSettings][] = [
    ['SET limit = 7', ROWS, { limit: '7' }],
    ['SET offset = 3', ROWS, { offset: '3' }],
    ['SET enable_named_columns_in_function_tuple = 1, limit = 7', ROWS, { limit: '7' }],
    ['SET limit = 7, offset = 3', ROWS, { limit: '7', offset: '3' }],
    [
      "SET result_overflow_mode = 'break', max_result_rows = 5, max_block_size = 1",
      ROWS,
      { result_overflow_mode: 'break', max_result_rows: '5' },
    ],
    [
      "SET read_overflow_mode = 'break'",
      `${ROWS} SETTINGS max_rows_to_read = 4, max_block_size = 1`,
      { read_overflow_mode: 'break', max_rows_to_read: '4' },
    ],
    [
      "SET group_by_overflow_mode = 'any', max_rows_to_group_by = 2, max_block_size = 1",
      `${ROWS} GROUP BY number`,
      { group_by_overflow_mode: 'any', max_rows_to_group_by: '2' },
    ],
    ['SET limit = 7', `${ROWS} FORMAT CSV SETTINGS limit = 2`, { limit: '2' }],
    ['SET max_threads = 1', `SELECT * FROM (${ROWS} SETTINGS offset = 2)`, { offset: '2' }],
  ];
  for (const [set, sql, found] of cuts) {
    it(`are found: ${set}; ${sql}`, async () => {
      await session.command(set);
      assert.ok((await rowsOf(sql)) < 20, 'the server cuts');
      assert.deepEqual((await resultSettings(session, sql)).cut, found);
      assert.ok((await rowsOf(sql)) < 20, 'asking changed nothing');
    });
  }

  const whole: [set: string, sql: string][] = [
    ['SET max_threads = 1', ROWS],
    ['SET limit = 0', ROWS],
    ['SET limit = 7', `${ROWS} SETTINGS limit = 0`],
    ["SET result_overflow_mode = 'break'", ROWS],
    ["SET max_result_rows = 100, result_overflow_mode = 'throw'", ROWS],
    ['SET max_threads = 1', "SELECT number AS limit, 'SETTINGS limit = 1' FROM numbers(20)"],
  ];
  for (const [set, sql] of whole) {
    it(`are not there: ${set}; ${sql}`, async () => {
      await session.command(set);
      assert.equal(await rowsOf(sql), 20);
      assert.deepEqual(await resultSettings(session, sql), { cut: {}, uncountable: false });
    });
  }

  const extra: [set: string, sql: string][] = [
    ['SET max_threads = 1', `${ROWS} GROUP BY number WITH TOTALS`],
    ['SET extremes = 1', ROWS],
    ['SET max_threads = 1', `${ROWS} SETTINGS extremes = 1`],
  ];
  for (const [set, sql] of extra) {
    it(`or make further rows are told: ${set}; ${sql}`, async () => {
      await session.command(set);
      assert.ok((await rowsOf(sql)) > 20);
      assert.deepEqual(await resultSettings(session, sql), { cut: {}, uncountable: true });
    });
  }

  const bare: [set: string, sql: string][] = [
    [String.raw`SET format_csv_null_representation = 'a"b'`, ROWS],
    [String.raw`SET format_tsv_null_representation = 'a\nb'`, ROWS],
    ['SET max_threads = 1', String.raw`${ROWS} SETTINGS bool_true_representation = 'a\rb'`],
  ];
  for (const [set, sql] of bare) {
    it(`or hide where rows end are told: ${set}; ${sql}`, async () => {
      await session.command(set);
      assert.deepEqual(await resultSettings(session, sql), { cut: {}, uncountable: true });
    });
  }
});
