import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

describe('copying from the grid', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 5_000_000 });
    await results.settled();
    await results.grid.focus();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const asked = async (count: number) => {
    await results.page.waitForFunction(
      (n) => window.fakeHost.sent.filter((m) => m.type === 'copyAs').length === n,
      count,
    );
    return (await results.sent('copyAs')).at(-1);
  };

  it('asks the host for the selected rows and columns, also those that are not on screen', async () => {
    await results.press('ArrowRight', 'ArrowDown', 'Control+c');
    const one = await asked(1);
    assert.deepEqual(one?.blocks, [{ rows: [{ first: 1, last: 1 }], columns: [1] }]);
    assert.equal(one.format, 'tsv');
    assert.equal(one.header, false);
    assert.equal(one.resultId, 'r1');
    await results.press('Control+Home', 'Control+Shift+ArrowDown', 'Control+Shift+C');
    const many = await asked(2);
    assert.deepEqual(many?.blocks, [{ rows: [{ first: 0, last: 4_999_999 }], columns: [0] }]);
    assert.equal(many.header, true);
    await results.page.getByText('5,000,000 cells copied').first().waitFor();
  });

  it('copies by the copy command of the workbench too', async () => {
    await results.page.evaluate(`document.execCommand('copy')`);
    assert.equal((await asked(1))?.format, 'tsv');
  });

  it('copies in the format that a command of VS Code asks for, columns in the order on screen', async () => {
    await results.post({ type: 'columns', command: 'hide', columns: [1] });
    await results.press('Control+Home', 'Alt+ArrowRight', 'Shift+ArrowLeft', 'Shift+ArrowRight');
    await results.press('Shift+Space');
    await results.post({ type: 'copyCells', format: 'insert', header: true });
    const copied = await asked(1);
    assert.equal(copied?.format, 'insert');
    assert.deepEqual(copied.blocks, [
      { rows: [{ first: 0, last: 0 }], columns: [2, 0, 3, 4, 5, 6] },
    ]);
  });

  it('shows how far a long copy is, and stops it', async () => {
    await results.page.evaluate(() => {
      window.fakeHost.copyStopsAt = 300_000;
    });
    await results.press('Control+Space', 'Control+c');
    const notice = results.page.locator('.notice');
    await notice.getByText('Copying… 300,000 of 5,000,000 cells').waitFor();
    // The page goes on working.
    await results.press('ArrowDown', 'ArrowDown');
    assert.deepEqual(await results.active(), [2, 0]);
    await notice.getByRole('button', { name: 'Cancel' }).click();
    await notice.getByText('Nothing was copied.').waitFor();
    const [copied] = await results.sent('copyAs');
    const abandoned = (await results.sent('abandon')).map(({ requestId }) => requestId);
    assert.ok(copied && abandoned.includes(copied.requestId));
  });

  it('says why nothing was copied', async () => {
    await results.page.evaluate(() => {
      window.fakeHost.problem = 'The disk is gone.';
    });
    await results.press('Control+c');
    await results.page.getByText('Nothing was copied: The disk is gone.').waitFor();
  });

  it('sends what is too much for the clipboard to a file', async () => {
    await results.press('Control+a', 'Control+c');
    const notice = results.page.locator('.notice');
    await notice.waitFor();
    assert.match((await notice.textContent()) ?? '', /35,000,000 cells are too many to copy/);
    await notice.getByRole('button', { name: 'Save results as…' }).click();
    assert.deepEqual(await results.sent('saveAs'), [{ type: 'saveAs', resultId: 'r1' }]);
    assert.deepEqual(await results.sent('copyAs'), []);
  });

  it('copies several parts as one table where they fit, else as blocks', async () => {
    await results.press('Shift+F8', 'ArrowDown', 'ArrowDown', 'Control+c');
    assert.deepEqual((await asked(1))?.blocks, [
      {
        rows: [
          { first: 0, last: 0 },
          { first: 2, last: 2 },
        ],
        columns: [0],
      },
    ]);
    await results.cell(4, 3).click({ modifiers: ['Control'] });
    await results.press('Control+c');
    assert.deepEqual((await asked(2))?.blocks, [
      {
        rows: [
          { first: 0, last: 0 },
          { first: 2, last: 2 },
        ],
        columns: [0],
      },
      { rows: [{ first: 4, last: 4 }], columns: [3] },
    ]);
  });
});
