import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { PROGRESS } from './progress.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

describe('results header in a browser', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const text = async (selector: string) => await results.page.locator(selector).textContent();

  it('says what to do before anything has run', async () => {
    results = await server.open();
    assert.equal(await text('.empty >> nth=0'), 'Run a statement with Ctrl+Enter');
    assert.equal(await results.page.locator('.results-header').isVisible(), false);
    await results.show(COLUMNS, { rows: 5 });
    await results.grid.waitFor();
    await results.showNothing();
    await results.page.locator('.empty').first().waitFor();
    assert.equal(await results.grid.count(), 0);
  });

  it('shows a running statement with what has come, and cancels it', async () => {
    results = await server.open();
    const running = {
      state: 'running',
      complete: false,
      rows: 1_234_567,
      bytes: 12_300_000,
    } as const;
    const progress = { ...PROGRESS, readRows: 20, totalRows: 50 };
    await results.show(COLUMNS, { ...running, elapsedMs: 3_200, progress });
    await results.settled();
    assert.match((await text('.state')) ?? '', /^Running… \d\.\d s, 1,234,567 rows, 12 MB$/);
    assert.equal(await text('.statement'), 'SELECT * FROM flights');
    assert.equal(await text('.source'), 'tour.sql');
    assert.equal(await text('.connection'), 'Local ClickHouse');
    const bar = results.page.getByRole('progressbar');
    assert.equal(await bar.getAttribute('aria-valuenow'), '40');
    // The time goes on while the host is silent.
    const first = await text('.state');
    await results.page.waitForFunction(
      (seen) => document.querySelector('.state')?.textContent !== seen,
      first,
    );
    await results.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await results.sent('cancel'), [{ type: 'cancel', resultId: 'r1' }]);

    await results.show(COLUMNS, { ...running, state: 'cancelling' });
    await results.page.getByText('Cancelling…').first().waitFor();
    await results.page.getByRole('button', { name: 'Cancel', disabled: true }).waitFor();

    await results.show(COLUMNS, { rows: 3_000_000, elapsedMs: 1_200 });
    await results.page.getByText('3,000,000 rows in 1.2 s').first().waitFor();
    assert.equal(await results.page.getByRole('button', { name: 'Cancel' }).isVisible(), false);
    assert.equal(await bar.isVisible(), false);
    await results.page.getByRole('button', { name: 'Save results as…' }).click();
    assert.deepEqual(await results.sent('saveAs'), [{ type: 'saveAs', resultId: 'r1' }]);
  });

  it('shows how a save of the result goes, and cancels it', async () => {
    results = await server.open();
    const saving = 'Saving x.csv: 123 MB, 45 MB/s, 3,000,000 rows read, 75 %, 12 s left';
    await results.show(COLUMNS, { rows: 5, saving });
    assert.equal(await text('.saving-text'), saving);
    await results.page.getByRole('button', { name: 'Cancel saving' }).click();
    assert.deepEqual(await results.sent('cancelSave'), [{ type: 'cancelSave', resultId: 'r1' }]);
    await results.show(COLUMNS, { rows: 5 });
    await results.page.locator('.saving').waitFor({ state: 'hidden' });
  });

  it('shows all of it in a narrow view, too', async () => {
    results = await server.open({ width: 360, height: 400 });
    const name = 'a-file-with-a-long-name-and-more-of-it.csv.gz';
    const saving = `Saving ${name}: 123 MB, 45 MB/s, 3,000,000 rows read, 75 %, 12 s left`;
    await results.show(COLUMNS, { rows: 5, saving });
    const line = results.page.locator('.saving-text');
    await line.waitFor();
    await results.shot('saving-360');
    const isWhole = await line.evaluate((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      const { left, right, bottom } = range.getBoundingClientRect();
      const around = text.parentElement?.getBoundingClientRect();
      return around !== undefined && left >= 0 && right <= innerWidth && bottom <= around.bottom;
    });
    assert.ok(isWhole);
  });

  it('has tooltips for what a narrow view cuts', async () => {
    results = await server.open({ width: 360, height: 400 });
    await results.show(COLUMNS, { state: 'cancelled', complete: false, rows: 196_227 });
    await results.settled();
    const state = results.page.locator('.state');
    assert.ok(await state.evaluate((cut) => cut.scrollWidth > cut.clientWidth));
    assert.equal(await state.getAttribute('title'), await state.textContent());
    const save = results.page.locator('vscode-button', { hasText: 'Save results as…' });
    const label = await save.locator('.label').boundingBox();
    assert.ok(label && label.width <= 1, 'only the icon is shown');
    assert.equal(await save.getAttribute('title'), 'Save results as…');
  });

  it('shows an error with what helps', async () => {
    results = await server.open();
    await results.show([], {
      state: 'failed',
      complete: false,
      error: {
        code: 60,
        name: 'UNKNOWN_TABLE',
        message: "Unknown table <b>'flghts'</b>",
        hint: 'Check the name.',
      },
      actions: [{ id: 'choose', title: 'Choose database' }],
    });
    await results.page.locator('.error').waitFor();
    assert.equal(await text('.error-name'), 'Code 60 · UNKNOWN_TABLE');
    // The server's text is text, never markup.
    assert.equal(await text('.error-message'), "Unknown table <b>'flghts'</b>");
    assert.equal(await text('.error-hint'), 'Check the name.');
    await results.page.getByRole('button', { name: 'Choose database' }).click();
    assert.deepEqual(await results.sent('action'), [
      { type: 'action', resultId: 'r1', action: 'choose' },
    ]);
    assert.equal(await results.grid.count(), 0);
    assert.equal(await results.page.getByRole('button', { name: 'Save' }).isVisible(), false);
  });

  it('keeps the rows that came before an error and calls them incomplete', async () => {
    results = await server.open();
    await results.show(COLUMNS, { state: 'running', complete: false, rows: 123 });
    await results.settled();
    await results.show(COLUMNS, {
      state: 'failed',
      complete: false,
      rows: 123,
      error: { code: 241, name: 'MEMORY_LIMIT_EXCEEDED', message: 'Memory limit exceeded' },
    });
    await results.page.locator('.error').waitFor();
    await results.settled();
    assert.match((await text('.state')) ?? '', /^Incomplete: 123 rows before the error/);
    // Once is enough: the header stands right above the error.
    assert.doesNotMatch((await text('.error')) ?? '', /123 rows/);
    assert.equal(await results.cell(0, 6).textContent(), 'state 0');
  });

  for (const width of [400, 700, 1_400]) {
    it(`keeps statement and connection in sight beside a long file name, ${width} px wide`, async () => {
      results = await server.open({ width, height: 300 });
      const source = `${'a-rather-long-name-'.repeat(6)}of-a-file.sql`;
      await results.show(COLUMNS, { rows: 3_000_000, source });
      await results.settled();
      await results.shot(`long-file-name-${width}`);
      const seen = await results.page.$$eval(
        '.state, .statement, .connection, .buttons vscode-button:not([hidden])',
        (parts) =>
          parts.map((part) => {
            const { left, right, width } = part.getBoundingClientRect();
            const text = document.createRange();
            text.selectNodeContents(part);
            // scrollWidth is in whole pixels, and a part of one is enough for an ellipsis.
            const isWhole =
              part.matches('vscode-button') || text.getBoundingClientRect().width <= width + 0.01;
            const name = part.classList.value || part.tagName;
            return { part: name, width, isIn: left >= 0 && right <= innerWidth, isWhole };
          }),
      );
      for (const { part, width: shown, isIn, isWhole } of seen) {
        if (part === 'statement' && width === 400) continue;
        assert.ok(shown > 20 && isIn && isWhole, `${part}: ${shown} px`);
      }
    });
  }

  it("gives the secondary buttons the theme's border for them, not the primary one's", async () => {
    results = await server.open({ theme: 'light' });
    await results.show(COLUMNS, { rows: 5 });
    const save = results.page.getByRole('button', { name: 'Save results as…' });
    const border = () =>
      save.evaluate((button) => {
        const control = button.shadowRoot?.querySelector('.control') ?? button;
        return getComputedStyle(control).borderTopColor;
      });
    assert.equal(await border(), 'rgba(0, 0, 0, 0)');
    await results.page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-button-secondaryBorder', '#112233');
    });
    assert.equal(await border(), 'rgb(17, 34, 51)');
  });

  it('tells beside the rows whether a cancel worked and that a session was lost', async () => {
    results = await server.open();
    await results.show(COLUMNS, {
      state: 'cancelled',
      complete: false,
      rows: 123,
      message: 'Stopped on the server after 0.3 s.',
      notice: 'A new session was started: temporary tables (t) are gone.',
    });
    await results.settled();
    assert.deepEqual(await results.page.locator('.aside').allTextContents(), [
      'A new session was started: temporary tables (t) are gone.',
      'Stopped on the server after 0.3 s.',
    ]);
    assert.equal(await results.cell(0, 6).textContent(), 'state 0');
  });

  it('shows a message above the rows also where it came before them', async () => {
    results = await server.open();
    const message = 'Saved 3 rows, 6 bytes, in 1 ms to x.csv';
    await results.show([], { message, state: 'running', complete: false });
    await results.page.getByText(message).first().waitFor();
    await results.show(COLUMNS, { message, rows: 3 });
    await results.page.locator('.aside', { hasText: message }).waitFor();
  });

  it('shows a quiet line for statements without rows, and "No rows" for an empty result', async () => {
    results = await server.open();
    await results.show([], { message: 'Ok. 3 rows written' });
    await results.page.getByText('Ok. 3 rows written').first().waitFor();
    await results.show(COLUMNS, { id: 'r2', rows: 0 });
    await results.page.locator('.none').waitFor();
    assert.equal(await results.page.getByRole('columnheader').count(), COLUMNS.length);
  });

  it('announces changes of state, not every number', async () => {
    results = await server.open();
    await results.page.evaluate(() => {
      const region = document.querySelector('[role=status]');
      const said: string[] = [];
      Object.assign(window, { said });
      if (region) {
        new MutationObserver(() => said.push(region.textContent)).observe(region, {
          childList: true,
        });
      }
    });
    for (let rows = 0; rows < 50; rows++) {
      await results.show(COLUMNS, { state: 'running', complete: false, rows, elapsedMs: 5 });
    }
    await results.show(COLUMNS, { rows: 50, elapsedMs: 700 });
    await results.page.getByText('50 rows in 700 ms').first().waitFor();
    const said = await results.page.evaluate(() => (window as unknown as { said: string[] }).said);
    assert.deepEqual(said, ['Running… 5 ms', '50 rows in 700 ms']);
  });

  it('drops messages that are not of the protocol', async () => {
    results = await server.open();
    await results.page.evaluate(() => {
      window.fakeHost.post({ type: 'show', result: { id: 7 } });
      window.fakeHost.post('hello');
    });
    await results.show(COLUMNS, { rows: 5 });
    await results.settled();
    const dropped = results.takeProblems();
    assert.equal(dropped.length, 2);
    assert.match(dropped[0] ?? '', /Message dropped: show\.result\.id: expected a text/);
  });
});
