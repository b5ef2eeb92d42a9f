import assert from 'node:assert/strict';
import type { InsertPageMessage, InsertSnapshot } from '../../src/shared/insert/insertProtocol.ts';
import { fakeColumn, type FakeKind } from './fakeData.ts';
import { type OpenOptions, PageServer, type ResultsPage } from './resultsPage.ts';

const LONG = 'a_name_that_somebody_made_from_a_whole_path_and_a_date_and_then_some_2026_11_27';
const KINDS: readonly (readonly [string, FakeKind])[] = [
  ['n', 'id'],
  ['s', 'text'],
  ['at', 'time'],
];

const PLAIN: InsertSnapshot = {
  title: 'Insert words.csv into default.words',
  table: 'default.words',
  connection: 'Local ClickHouse',
  files: [{ name: 'words.csv', bytes: 1_234_567, kind: 0 }],
  leftOut: 0,
  kind: 0,
  facts: 'CSVWithNames, 1.2 MB',
  remarks: ['The name does not tell the format; the first lines look like CSVWithNames.'],
  notes: ['The column extra of the file is not in the table and is left out.'],
  formats: ['CSV', 'CSVWithNames', 'JSONEachRow', 'Parquet'],
  reading: {
    format: 'CSVWithNames',
    header: true,
    delimiter: ',',
    skipUnknown: true,
    allowErrors: 0,
    bestEffortTimes: true,
    nullText: '\\N',
  },
  columns: [
    { name: 'n', type: 'Nullable(Int64)', target: 'n' },
    { name: 's', type: 'Nullable(String)', target: 's' },
    { name: 'extra', type: 'Nullable(String)' },
  ],
  targets: [
    { name: 'n', type: 'UInt32', filled: 'file' },
    { name: 's', type: 'String', filled: 'file' },
    { name: 'at', type: 'DateTime', filled: 'default' },
    { name: 'day', type: 'Date', filled: 'computed' },
  ],
  mappable: true,
  looking: false,
  rows: {
    id: 'look-1',
    columns: KINDS.map(([name, kind]) => fakeColumn(name, kind)),
    rows: 100,
    timeZone: 'Europe/Berlin',
  },
  lookedAt: 640,
  failing: [],
  moreFail: false,
  onError: 'stop',
  mode: 'direct',
};

const FAILING: InsertSnapshot = {
  ...PLAIN,
  failing: [
    { row: 3, column: 'n', reason: "Cannot parse input: expected ',' before: 'not a number,six'" },
    { row: 17, reason: 'There is no line feed. "e" found instead.' },
  ],
  moreFail: true,
};

const OTHERWISE: InsertSnapshot = {
  ...PLAIN,
  remarks: [],
  other: {
    format: 'JSONCompactEachRowWithNamesAndTypes',
    remark:
      'The name ends in .csv, but the first lines look like JSONCompactEachRowWithNamesAndTypes.',
  },
};

const SEVERAL: InsertSnapshot = {
  ...PLAIN,
  title: 'Insert 4 files into default.words',
  files: [
    { name: 'words.csv', bytes: 1_234_567, kind: 0 },
    { name: 'more.csv', bytes: 4_567, kind: 0 },
    { name: `${LONG}.jsonl.zst`, bytes: 98_765_432, kind: 1 },
    { name: 'broken.csv.gz', bytes: 12, problem: 'The file ends before its compressed data do.' },
  ],
  leftOut: 2,
};

const NEW_TABLE: InsertSnapshot = {
  ...PLAIN,
  title: `Create default.${LONG} and insert ${LONG}.csv`,
  notes: [],
  columns: PLAIN.columns.map(({ name }) => ({
    name: `${name}_${LONG}`,
    type: 'LowCardinality(String)',
  })),
  targets: [],
  mappable: false,
  newTable: {
    name: LONG,
    engine: 'MergeTree',
    orderBy: `(n_${LONG})`,
    ddl: `CREATE TABLE default.${LONG}\n(\n    n_${LONG} LowCardinality(String)\n)\nENGINE = MergeTree\nORDER BY n_${LONG}`,
    edited: true,
  },
};

const REFUSED: InsertSnapshot = {
  ...PLAIN,
  facts: '',
  notes: [],
  columns: [],
  targets: [],
  reading: { format: 'Parquet' },
  problem:
    'The server can look into a Parquet file only when it has all of it. Its rows are not shown, its columns go to those of the same names in the table.',
  refusal: 'The file is empty.',
};
delete REFUSED.rows;

describe('insert page in a browser', () => {
  let server: PageServer;
  let insert: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(async () => {
    await server.stop();
  });
  afterEach(async () => {
    assert.deepEqual(await insert.problems(), []);
    await insert.close();
  });

  const show = async (snapshot: InsertSnapshot, options: OpenOptions = {}): Promise<void> => {
    insert = await server.open({ ...options, page: 'insert' });
    await insert.page.evaluate(
      ([kinds, shown]) => {
        window.fakeHost.define(kinds);
        window.fakeHost.post({ type: 'show', insert: shown });
      },
      [KINDS.map(([name, kind]) => ({ name, kind })), snapshot] as const,
    );
    await insert.page.getByRole('heading', { level: 1, name: snapshot.title }).waitFor();
    if (snapshot.rows) await insert.settled();
  };
  const sent = async (): Promise<InsertPageMessage[]> => {
    const all = await insert.page.evaluate(() => window.fakeHost.sent as unknown[]);
    return (all as InsertPageMessage[]).filter(({ type }) => type !== 'ready');
  };

  const CASES = {
    plain: PLAIN,
    failing: FAILING,
    otherwise: OTHERWISE,
    several: SEVERAL,
    new: NEW_TABLE,
    refused: REFUSED,
  };
  for (const [name, snapshot] of Object.entries(CASES)) {
    it(`has no barriers in any theme: ${name}`, async () => {
      await show(snapshot, { width: 1100, height: 700 });
      await insert.lookInEachTheme(`insert-${name}`);
    });
  }

  for (const [name, snapshot] of Object.entries(CASES)) {
    it(`fits a narrow tab: ${name}`, async () => {
      await show(snapshot, { width: 420, height: 800 });
      await insert.shot(`insert-${name}-narrow`);
      assert.deepEqual(await insert.axe(), []);
      const { wide, outside } = await insert.page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        outside: [...document.querySelectorAll('#insert :is(button, input, select, vscode-button)')]
          .filter((field) => field.getBoundingClientRect().right > innerWidth)
          .map((field) => field.outerHTML),
      }));
      assert.equal(wide, 420);
      assert.deepEqual(outside, []);
      const button = insert.page.getByRole('button', { name: 'Cancel', exact: true });
      assert.equal(await button.isVisible(), true);
    });
  }

  it('tells the host what the user changes', async () => {
    await show(PLAIN);
    const { page } = insert;
    await page.getByLabel('Delimiter').selectOption(';');
    await page.getByLabel('Skip columns that the table lacks').uncheck();
    await page.getByLabel('extra goes to').selectOption('at');
    await page.getByLabel('All or nothing').check();
    await page.keyboard.press('Control+Enter');
    assert.deepEqual(await sent(), [
      { type: 'read', change: { delimiter: ';' } },
      { type: 'read', change: { skipUnknown: false } },
      { type: 'map', column: 2, target: 'at' },
      { type: 'mode', mode: 'staged' },
      { type: 'insert' },
    ]);
  });

  it('reads the file as it looks with one press, and keeps the focus', async () => {
    await show(OTHERWISE);
    const { page } = insert;
    await page.getByRole('button', { name: 'Read as JSONCompactEachRowWithNamesAndTypes' }).click();
    assert.deepEqual(await sent(), [{ type: 'readAsOther' }]);
    await page.evaluate((shown) => {
      window.fakeHost.post({ type: 'show', insert: shown });
    }, PLAIN);
    await page.getByText('the first lines look like JSONCompact').waitFor({ state: 'hidden' });
    assert.equal(
      await page
        .getByLabel('Format', { exact: true })
        .evaluate((e) => e === document.activeElement),
      true,
    );
  });

  it('offers no Insert where the host refuses it', async () => {
    await show(REFUSED);
    const { page } = insert;
    await page.getByText('The file is empty.', { exact: true }).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    assert.deepEqual(await sent(), [{ type: 'cancel' }]);
  });

  it('copies the selected cells of the first rows', async () => {
    await show(PLAIN);
    await insert.cell(1, 0).click();
    await insert.page.keyboard.press('Shift+ArrowRight');
    await insert.page.keyboard.press('Control+c');
    await insert.page.getByText('2 cells copied').first().waitFor();
    const [copied] = await sent();
    assert.deepEqual(copied, {
      type: 'copyAs',
      requestId: copied?.type === 'copyAs' ? copied.requestId : 0,
      resultId: 'look-1',
      format: 'tsv',
      header: false,
      blocks: [{ rows: [{ first: 1, last: 1 }], columns: [0, 1] }],
    });
  });
});
