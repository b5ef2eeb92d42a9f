import assert from 'node:assert/strict';
import { COLUMNS } from './columns.ts';
import { PageServer, type ResultsPage } from './resultsPage.ts';

/** Drags what `carries` says over the page, and drops it. */
async function drag(
  results: ResultsPage,
  carries: { files?: Record<string, string>; data?: Record<string, string> },
  types: readonly string[],
): Promise<void> {
  await results.page.evaluate(
    ([{ files = {}, data = {} }, events]) => {
      const dataTransfer = new DataTransfer();
      for (const [name, text] of Object.entries(files)) {
        dataTransfer.items.add(new File([text], name));
      }
      for (const [type, text] of Object.entries(data)) dataTransfer.setData(type, text);
      for (const type of events) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    },
    [carries, types] as const,
  );
}

describe('dropping files on the page', () => {
  let server: PageServer;
  let results: ResultsPage;

  before(async () => {
    server = await PageServer.start();
  });
  after(async () => {
    await server.stop();
  });
  beforeEach(async () => {
    results = await server.open({ width: 700, height: 300 });
    await results.show(COLUMNS, { rows: 500 });
    await results.settled();
  });
  afterEach(async () => {
    assert.deepEqual(await results.problems(), []);
    await results.close();
  });

  const hint = () => results.page.getByText('Drop to insert into a table');

  it('says what a drop will do, until the drag leaves', async () => {
    await drag(results, { files: { 'a.csv': 'n\n1\n' } }, ['dragenter', 'dragover']);
    await hint().waitFor();
    await results.shot('drop-hint');
    assert.deepEqual(await results.axe(), []);
    await drag(results, { files: { 'a.csv': 'n\n1\n' } }, ['dragleave']);
    await hint().waitFor({ state: 'hidden' });
  });

  it('takes no notice of a dragged text', async () => {
    await drag(results, { data: { 'text/plain': 'words' } }, ['dragenter', 'dragover', 'drop']);
    assert.equal(await hint().isVisible(), false);
    assert.deepEqual(await results.sent('dropUris'), []);
  });

  it('gives the bytes of dropped files piece by piece, until they are not needed', async () => {
    await drag(results, { files: { 'a.csv': 'n\n1\n', 'b.csv': '' } }, ['dragover', 'drop']);
    assert.equal(await hint().isVisible(), false);
    const [dropped] = await results.sent('dropFiles');
    assert.deepEqual(dropped?.files, [
      { name: 'a.csv', bytes: 4 },
      { name: 'b.csv', bytes: 0 },
    ]);
    const { dropId } = dropped;
    const take = async (file: number, offset: number): Promise<number[] | undefined> => {
      const count = (await results.sent('piece')).length;
      await results.post({ type: 'takePiece', dropId, file, offset, bytes: 3 });
      await results.page.waitForFunction(
        (known) => window.fakeHost.sent.filter(({ type }) => type === 'piece').length > known,
        count,
      );
      const piece = (await results.sent('piece')).at(-1);
      assert.deepEqual([piece?.file, piece?.offset], [file, offset]);
      return piece?.bytes && Object.values(piece.bytes);
    };
    assert.deepEqual(await take(0, 0), [...Buffer.from('n\n1')]);
    assert.deepEqual(await take(0, 3), [...Buffer.from('\n')]);
    assert.deepEqual(await take(1, 0), []);
    await results.post({ type: 'endDrop', dropId });
    assert.equal(await take(0, 0), undefined);
  });

  it('tells the addresses of files of the window', async () => {
    const list = '# two\r\nfile:///a%20b.csv\r\nvscode-remote://host/c.csv';
    await drag(results, { data: { 'text/uri-list': list } }, ['dragover', 'drop']);
    const [dropped] = await results.sent('dropUris');
    assert.deepEqual(dropped?.uris, ['file:///a%20b.csv', 'vscode-remote://host/c.csv']);
  });
});
