import assert from 'node:assert/strict';
import { FIRST_ID, HUGE, type FakeKind } from './fakeData.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

const COLUMNS: readonly (readonly [string, FakeKind])[] = [
  ['id', 'id'],
  ['json', 'json'],
  ['list', 'array'],
  ['bytes', 'bytes'],
  ['at', 'time'],
  ['huge', 'huge'],
];
const at = (name: string): number => COLUMNS.findIndex(([column]) => column === name);

describe('the value pane', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(() => server.stop());

  beforeEach(async () => {
    results = await server.open();
    await results.show(COLUMNS, { rows: 1_000 });
    await results.settled();
    await results.grid.focus();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const pane = () => results.page.getByRole('complementary', { name: 'Whole value' });
  const body = () => pane().getByRole('tabpanel');
  const goTo = (name: string) =>
    results.press('Control+Home', ...Array.from({ length: at(name) }, () => 'ArrowRight'));

  it('opens and closes by Space, Enter, double click and button; Escape gives the focus back', async () => {
    await results.press('Space');
    await body().getByText(String(FIRST_ID)).waitFor();
    assert.equal(await results.grid.evaluate((grid) => grid === document.activeElement), true);
    // Follows the active cell.
    await results.press('ArrowDown');
    await body()
      .getByText(String(FIRST_ID + 1n))
      .waitFor();
    await results.press('Escape');
    assert.equal(await pane().count(), 0);
    await results.press('Enter');
    await pane().waitFor();
    await pane().getByRole('button', { name: 'Close' }).focus();
    await results.page.keyboard.press('Escape');
    await pane().waitFor({ state: 'detached' });
    assert.equal(await results.grid.evaluate((grid) => grid === document.activeElement), true);
    await results.cell(3, 0).dblclick();
    await body()
      .getByText(String(FIRST_ID + 3n))
      .waitFor();
    const button = results.page.getByRole('button', { name: 'Show the whole value' });
    await button.click();
    await pane().waitFor({ state: 'detached' });
    await results.post({ type: 'inspect' });
    await pane().waitFor();
  });

  it('shows JSON as a tree with exact numbers, opened and closed by keyboard', async () => {
    await goTo('json');
    await results.press('Space');
    const tree = pane().getByRole('tree');
    const items = () => tree.getByRole('treeitem').locator(':scope > .tree-line').allInnerTexts();
    await tree.waitFor();
    const clean = async (): Promise<string[]> =>
      (await items())
        .filter((text) => text !== '')
        .map((text) => text.replaceAll(/\s+/g, ' ').trim());
    assert.deepEqual(await clean(), [
      '3 keys',
      `id: ${FIRST_ID}`,
      'tags: 2 items',
      'inner: 2 keys',
    ]);
    await tree.getByRole('treeitem').first().focus();
    await results.press('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown');
    assert.equal(
      await results.page.evaluate(() => document.activeElement?.textContent),
      '2: "b 0"',
    );
    await results.press('ArrowLeft', 'ArrowLeft');
    assert.deepEqual(await tree.locator('[role=treeitem][aria-expanded=true]').count(), 1);
    assert.deepEqual(await results.axe(), []);
    // The text is there too.
    await pane().getByRole('tab', { name: 'Text' }).click();
    await body().getByText('"deep":{"x":null}').waitFor();
    // And stays chosen on the next cell.
    await results.grid.focus();
    await results.press('ArrowDown');
    await body().getByText('"b 1"').waitFor();
    assert.equal(
      await pane().getByRole('tab', { name: 'Text' }).getAttribute('aria-selected'),
      'true',
    );
  });

  it('shows arrays as a list', async () => {
    await goTo('list');
    await results.press('Space');
    await pane().getByRole('treeitem').nth(2).waitFor();
    const texts = await pane().locator('.tree-line').allTextContents();
    assert.deepEqual(texts, ['2 items', '1: "it\'s 0"', '2: "it\'s 1"']);
  });

  it('shows bytes in hex and as text', async () => {
    await goTo('bytes');
    await results.press('Space');
    await body().getByText('00000000 61 ff 00 00').waitFor();
    await pane().getByRole('tab', { name: 'Hex' }).focus();
    await results.page.keyboard.press('ArrowLeft');
    await body().getByText('a\\xFF').waitFor();
  });

  it("shows a time in the column's zone, UTC, local time and seconds", async () => {
    await goTo('at');
    await results.press('Space');
    const terms = pane().locator('dt');
    await terms.first().waitFor();
    const list = Object.fromEntries(
      await Promise.all(
        (await terms.allTextContents()).map(async (term, i) => [
          term.replace(/ \(.*/, ''),
          await pane().locator('dd').nth(i).textContent(),
        ]),
      ),
    ) as Record<string, string>;
    assert.equal(list['Europe/Berlin'], '2023-11-14 23:13:20');
    assert.equal(list['UTC'], '2023-11-14 22:13:20');
    assert.equal(list['Seconds since 1970'], '1700000000');
    assert.match((await terms.allTextContents()).join(), /local/);
  });

  it('stays fluid beside cells of 10 MB, which come cut to the grid and whole to the pane', async () => {
    await goTo('huge');
    const shown = (await results.cell(0, at('huge')).textContent()) ?? '';
    assert.match(shown, /^0123456789.*…$/);
    const longest = await results.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const times: number[] = [];
          let last = performance.now();
          const step = (now: number): void => {
            times.push(now - last);
            last = now;
            document
              .querySelector('.view')
              ?.dispatchEvent(
                new WheelEvent('wheel', { deltaY: 60, bubbles: true, cancelable: true }),
              );
            if (times.length < 60) requestAnimationFrame(step);
            else resolve(times.toSorted((a, b) => a - b)[54] ?? 0);
          };
          requestAnimationFrame(step);
        }),
    );
    assert.ok(longest < 60, `9 of 10 frames within ${longest} ms`);
    await results.settled();
    await results.press('Space');
    await pane().getByText('10,000,000 characters, 10 MB').waitFor();
    const text = body().locator('pre');
    assert.equal((await text.textContent())?.length, 100_000);
    await body()
      .getByRole('button', { name: /Show more: 100,000 of 10,000,000/ })
      .click();
    assert.equal((await text.textContent())?.length, 200_000);
    assert.equal(HUGE, 10_000_000);
    // Copied by the host, from the rows: the page does not send it back.
    await pane().getByRole('button', { name: 'Copy value' }).click();
    const [copied] = await results.sent('copyAs');
    assert.deepEqual(copied?.blocks, [{ rows: [{ first: 0, last: 0 }], columns: [at('huge')] }]);
  });

  it('is resized by drag and keyboard, and keeps its width', async () => {
    await results.press('Space');
    const splitter = results.page.getByRole('separator', { name: 'Width of the value pane' });
    const width = async () => Number(await splitter.getAttribute('aria-valuenow'));
    const before = await width();
    await splitter.focus();
    await results.page.keyboard.press('ArrowLeft');
    assert.equal(await width(), before + 24);
    const box = await splitter.boundingBox();
    assert.ok(box);
    await results.page.mouse.move(box.x + 2, box.y + 50);
    await results.page.mouse.down();
    await results.page.mouse.move(box.x - 98, box.y + 50, { steps: 3 });
    await results.page.mouse.up();
    assert.ok(Math.abs((await width()) - before - 124) <= 4);
    const after = await width();
    await results.grid.focus();
    await results.press('Space', 'Space');
    assert.equal(await width(), after);
  });

  it('says when a value cannot be read', async () => {
    await results.page.evaluate(() => {
      window.fakeHost.problem = 'The file is gone.';
    });
    await results.press('Space');
    await body().getByText('The value could not be read: The file is gone.').waitFor();
  });
});
