import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { PROGRESS, STATISTICS } from './progress.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

describe('statistics of a run in a browser', () => {
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

  const card = () => results.page.getByRole('region', { name: 'Statistics of this run' });
  const toggle = () => results.page.getByRole('button', { name: 'Statistics of this run' });
  const isExpanded = (open: boolean) =>
    results.page.getByRole('button', { name: 'Statistics of this run', expanded: open }).waitFor();
  const asked = async (): Promise<string[]> =>
    (await results.sent('statistics')).map(({ resultId }) => resultId);

  async function figures(): Promise<Record<string, string>> {
    const pairs = await card().evaluate((section) =>
      [...section.querySelectorAll('.figures > div')].map((pair) => [
        pair.querySelector('dt')?.textContent ?? '',
        pair.querySelector('dd')?.textContent ?? '',
      ]),
    );
    return Object.fromEntries(pairs) as Record<string, string>;
  }

  it('open by mouse and keyboard, ask the host once, and show what comes', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 10, statistics: { startedAt: 1, receivedBytes: 2_000 } });
    await results.settled();
    assert.equal(await card().count(), 0);
    await isExpanded(false);
    assert.deepEqual(await asked(), [], 'a closed card costs nothing');

    await toggle().focus();
    await results.page.keyboard.press('Enter');
    await card().waitFor();
    await isExpanded(true);
    assert.equal((await figures())['Received'], '2.0 kB');
    assert.deepEqual(await asked(), ['r1']);
    const waiting = { startedAt: 1, log: { state: 'waiting' } } as const;
    await results.show(COLUMNS, { rows: 10, statistics: waiting });
    await results.page.getByText('Waiting for the server to write').waitFor();

    await results.show(COLUMNS, { rows: 10, statistics: STATISTICS });
    await results.page.getByText('1,368 of 1,954').waitFor();
    const shown = await figures();
    assert.equal(shown['Read'], '1,400,721 rows, 24 MB');
    assert.equal(shown['MarkCacheHits'], '6');
    assert.deepEqual(await asked(), ['r1']);

    await toggle().click();
    await card().waitFor({ state: 'hidden' });
  });

  it('stay open for the next results, and over a reload of the page', async () => {
    results = await server.open({ state: { statistics: true } });
    await results.show(COLUMNS, { id: 'a', rows: 10, statistics: { startedAt: 1 } });
    await card().waitFor();
    await results.show(COLUMNS, { id: 'b', state: 'running', complete: false, rows: 0 });
    await card().waitFor({ state: 'hidden' });
    assert.equal(await toggle().isVisible(), false, 'nothing is known: nothing is offered');
    const running = { id: 'b', state: 'running', complete: false, rows: 0 } as const;
    await results.show(COLUMNS, { ...running, progress: PROGRESS });
    await card().waitFor();
    assert.match((await figures())['So far'] ?? '', /412 MB memory, 8 threads/);
    await results.show(COLUMNS, { id: 'b', rows: 10, statistics: { startedAt: 2 } });
    await results.page.getByText('The final figures are in the query log').waitFor();
    assert.deepEqual(await asked(), ['a', 'b']);
    await toggle().click();
    await results.page.waitForFunction(
      () => (window.fakeHost.state as { statistics?: boolean }).statistics === false,
    );
  });

  it('say why the log tells nothing', async () => {
    results = await server.open({ state: { statistics: true } });
    const message =
      'This user may not read system.query_log. Ask for: GRANT SELECT ON system.query_log.';
    const log = { state: 'failed', message } as const;
    await results.show(COLUMNS, { rows: 10, statistics: { startedAt: 1, log } });
    await results.page.getByText(message).waitFor();
  });

  it('lead to the log, the query id and the run before', async () => {
    results = await server.open({ state: { statistics: true } });
    await results.show(COLUMNS, { rows: 10, statistics: { startedAt: 1 } });
    const button = (name: string) => results.page.getByRole('button', { name });
    await button('Open in query_log').click();
    await button('Copy query id').click();
    assert.equal(await button('Compare with previous run').isVisible(), false);
    await results.show(COLUMNS, { rows: 10, statistics: STATISTICS });
    await button('Compare with previous run').click();
    assert.deepEqual(
      (await results.sent('action')).map(({ action }) => action),
      ['rowhouse.openQueryLog', 'rowhouse.copyQueryId', 'rowhouse.compareRuns'],
    );
  });

  it('open by the command of VS Code with the focus on them', async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 10, statistics: STATISTICS });
    await results.post({ type: 'toggleStatistics' });
    await card().waitFor();
    assert.equal(await card().evaluate((section) => section === document.activeElement), true);
  });

  for (const [width, parts] of [
    [400, ['40 %']],
    [700, ['40 %', '5 s left']],
    [1_600, ['40 %', '6.3M rows/s', '385 MB/s', '412 MB memory', '8 threads']],
  ] as const) {
    it(`show a running query's most important figures ${width} px wide, whole or not at all`, async () => {
      results = await server.open({ width, height: 300 });
      const running = { state: 'running', complete: false, rows: 1_000, bytes: 8_000 } as const;
      await results.show(COLUMNS, { ...running, progress: PROGRESS });
      await results.settled();
      await results.shot(`running-${width}`);
      const shown = await results.page.$$eval('.progress-part', (all) =>
        all.flatMap((part) => {
          const line = part.parentElement?.getBoundingClientRect();
          const { top, right } = part.getBoundingClientRect();
          if (!line || top >= line.bottom - 2) return [];
          return right <= line.right + 0.5 ? [part.textContent] : [`cut: ${part.textContent}`];
        }),
      );
      for (const part of parts) assert.ok(shown.includes(part), `${part}: ${shown.join()}`);
      assert.ok(!shown.some((part) => part.startsWith('cut')), shown.join());
      const all = await results.page.locator('.progress-parts').getAttribute('title');
      assert.match(all ?? '', /20,000,000 of 50,000,000 rows read/);
      assert.match(all ?? '', /8 threads/);
    });
  }
});
