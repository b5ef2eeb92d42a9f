import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createClient, isFileError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { type FileToInsert, insertMany } from '../../../src/core/transfer/insertMany.ts';
import { planInsert } from '../../../src/core/transfer/insertPlan.ts';
import { InsertDraft } from '../../../src/host/transfer/insert/page/insertDraft.ts';
import type { InsertJob } from '../../../src/host/transfer/insert/prepareInsert.ts';
import { insertSnapshot } from '../../../src/host/transfer/insert/page/insertSnapshot.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

describe('what the insert page decided', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS pairs SYNC');
    await client.command('CREATE TABLE pairs (a String, b String) ENGINE = Memory');
  });
  after(() => client.close());

  function draftFor(
    files: readonly FileToInsert[],
    through: Client = client,
    how: Pick<InsertJob, 'onError' | 'mode'> = { onError: 'stop', mode: 'direct' },
  ): InsertDraft {
    const connection = { id: 'c', name: 'c', kind: 'server' } as never;
    const localReader = (): Promise<undefined> => Promise.resolve(undefined);
    const target = { client: through, connection, table: 'pairs', localReader };
    const job = { ...target, files, others: [], createsTable: false, answers: new Map(), ...how };
    return new InsertDraft(job, () => undefined);
  }

  /** The first ones are looked at, as before the page is shown. */
  async function draftOf(
    texts: readonly (string | Buffer)[],
    planned: number,
    suffix = '.csv',
  ): Promise<InsertDraft> {
    const files: FileToInsert[] = [];
    for (const [index, text] of texts.entries()) {
      const path = join(folder(), `pairs${String(index)}${suffix}`);
      await writeFile(path, text);
      const options = { path, table: 'pairs', trust: 'content' } as const;
      const plan = index < planned && (await planInsert(client.rawQuery.bind(client), options));
      files.push({ path, bytes: text.length, ...(plan && { plan }) });
    }
    const draft = draftFor(files);
    await draft.start();
    return draft;
  }

  async function sorted(): Promise<string[]> {
    const sql = 'SELECT * FROM pairs ORDER BY ALL';
    const text = (await client.rawQuery(sql, { format: 'CSV' })).text();
    return text.replaceAll('"', '').trim().split('\n');
  }

  const MANY = Array.from({ length: 25 }, (_, index) => `x,y\nl${String(index)},r\n`);

  it('goes for files that nobody looked at too: swapped columns', async () => {
    const draft = await draftOf(MANY, 3);
    try {
      await draft.read({ header: false });
      await draft.map(0, 'b');
      await draft.map(1, 'a');
      const reports = await insertMany(client, draft.decided());
      assert.ok(reports.every(({ state }) => state === 'inserted'));
      const wanted = MANY.flatMap((_, index) => [`r,l${String(index)}`, 'y,x']);
      assert.deepEqual(await sorted(), wanted.sort());
    } finally {
      await draft.dispose();
    }
  });

  for (const mode of ['direct', 'chunked'] as const) {
    it(`keeps out a file whose header lacks the columns that were assigned (${mode})`, async () => {
      const draft = await draftOf(['a,b\n1,2\n', 'a,c\n3,4\n'], 1);
      try {
        await draft.map(0, 'b');
        await draft.map(1, 'a');
        const { files, ...decided } = draft.decided();
        const options = { ...decided, files: files.slice(1), mode };
        const [report] = await insertMany(client, options);
        assert.match(String(report?.error), /has no column b/);
        assert.deepEqual(await sorted(), ['']);
      } finally {
        await draft.dispose();
      }
    });
  }

  it('leaves files that nobody looked at to be found out where nothing was decided', async () => {
    const draft = await draftOf(['a,b\n1,2\n', 'b,a\n4,3\n'], 1);
    try {
      await insertMany(client, draft.decided());
      assert.deepEqual(await sorted(), ['1,2', '3,4']);
    } finally {
      await draft.dispose();
    }
  });

  it('keeps out a file that may be of several kinds, one of which was changed', async () => {
    const draft = await draftOf(['a,b\n1,2\n', 'b,a\n4,3\n', 'b,a\n6,5\n'], 2);
    try {
      await draft.map(0, 'b');
      await draft.map(1, 'a');
      const reports = await insertMany(client, draft.decided());
      assert.deepEqual(
        reports.map(({ state }) => state),
        ['inserted', 'inserted', 'failed'],
      );
      assert.match(String(reports[2]?.error), /read in 2 ways/);
      assert.deepEqual(await sorted(), ['2,1', '3,4']);
    } finally {
      await draft.dispose();
    }
  });

  it('goes by the content of those looked at where names tell neither format nor compression', async () => {
    const text = '{"a":"1","b":"2"}\n';
    const draft = await draftOf([gzipSync(text), gzipSync(text), text], 1, '');
    try {
      const reports = await insertMany(client, { ...draft.decided(), onError: 'continue' });
      assert.deepEqual(
        reports.map(({ state }) => state),
        ['inserted', 'inserted', 'failed'],
      );
      assert.match(String(reports[2]?.error), /not compressed with gzip/);
      assert.deepEqual(await sorted(), ['1,2', '1,2']);
    } finally {
      await draft.dispose();
    }
  });

  it('keeps out a file that nothing tells when those like it are of several formats', async () => {
    const draft = await draftOf(['{"a":"1","b":"2"}\n', 'a,b\n3,4\n', 'a\tb\n5\t6\n'], 2, '.data');
    try {
      const reports = await insertMany(client, { ...draft.decided(), onError: 'continue' });
      assert.match(String(reports[2]?.error), /read in 2 ways/);
      assert.deepEqual(await sorted(), ['1,2', '3,4']);
    } finally {
      await draft.dispose();
    }
  });

  for (const mode of ['direct', 'staged', 'chunked'] as const) {
    it(`is about the file that was looked at: another one is refused (${mode})`, async () => {
      const draft = await draftOf(['a,b\n1,2\n'], 1);
      try {
        await writeFile(join(folder(), 'pairs0.csv'), 'b,a\n4,3\n5,6\n');
        const [report] = await insertMany(client, { ...draft.decided(), mode });
        assert.equal(report?.state, 'failed');
        assert.ok(isFileError(report.error) && report.error.code === 'CHANGED');
        assert.match(report.error.message, /changed since it was looked at/);
        assert.equal(report.rows.atMost, 0);
        assert.deepEqual(await sorted(), ['']);
        // The page looks at it again.
        await draft.read({ header: true });
        const [again] = await insertMany(client, draft.decided());
        assert.equal(again?.state, 'inserted');
        assert.deepEqual(await sorted(), ['3,4', '6,5']);
      } finally {
        await draft.dispose();
      }
    });
  }

  it('begins with what was asked for, which a repeated insert relies on', async () => {
    const draft = draftFor([], client, { onError: 'continue', mode: 'staged' });
    try {
      const { onError, mode } = insertSnapshot(draft);
      assert.deepEqual([onError, mode], ['continue', 'staged']);
      draft.mode = 'chunked';
      assert.deepEqual([draft.decided().onError, draft.decided().mode], ['continue', 'chunked']);
    } finally {
      await draft.dispose();
    }
  });

  it('reads a file as its first lines look, whatever its name says, when told so', async () => {
    const text = '{"a":"1","b":"2"}\n';
    const draft = await draftOf([text, text], 1);
    try {
      assert.deepEqual(insertSnapshot(draft).other, {
        format: 'JSONEachRow',
        remark: 'The name ends in .csv, but the first lines look like JSONEachRow.',
      });
      await draft.readAsOther();
      const { other, reading } = insertSnapshot(draft);
      assert.deepEqual([other, reading.format, draft.look.rowCount], [undefined, 'JSONEachRow', 1]);
      await insertMany(client, draft.decided());
      // The other file was not looked at: it follows.
      assert.deepEqual(await sorted(), ['1,2', '1,2']);
    } finally {
      await draft.dispose();
    }
  });

  it('sends a file to a server once for each question, whatever the user goes back to', async () => {
    const path = join(folder(), 'pairs.parquet');
    const { bytes } = await client.saveTo("SELECT '1' AS b, '2' AS x", path, { format: 'Parquet' });
    let sent = 0;
    const counted = <T extends { externalData?: object }>(
      options: T | undefined,
    ): T | undefined => {
      if (options?.externalData) sent += 1;
      return options;
    };
    const counting = Object.assign(Object.create(client) as Client, {
      rawQuery: ((sql, options) =>
        client.rawQuery(sql, counted(options))) satisfies Client['rawQuery'],
      rawStream: ((sql, options) =>
        client.rawStream(sql, counted(options))) satisfies Client['rawStream'],
    });
    const options = { path, table: 'pairs', sendsFiles: true } as const;
    const plan = await planInsert(client.rawQuery.bind(client), options);
    const draft = draftFor([{ path, bytes, plan }], counting);
    const during = async (change: () => Promise<void>): Promise<number> => {
      const before = sent;
      await change();
      assert.equal(draft.look.rowCount, 1);
      return sent - before;
    };
    try {
      assert.equal(await during(() => draft.start()), 1);
      assert.equal(await during(() => draft.map(1, 'a')), 1);
      assert.equal(await during(() => draft.map(1, undefined)), 0);
      assert.equal(await during(() => draft.map(1, 'a')), 0);
      assert.equal(await during(() => draft.showKind(0)), 0);
      assert.equal(await during(() => draft.read({ allowErrors: 5 })), 0);
      assert.equal(await during(() => draft.read({ format: 'Parquet' })), 1);
      assert.equal(await during(() => draft.read({ format: 'Parquet' })), 0);
      // Another file now.
      await client.saveTo("SELECT '3' AS b, '4' AS x", path, {
        format: 'Parquet',
        overwrite: true,
      });
      assert.equal(await during(() => draft.map(1, 'a')), 1);
    } finally {
      await draft.dispose();
    }
  });

  it('shows the rows of a binary file without a suffix, takes where they go, and says what it cannot be', async () => {
    const path = join(folder(), 'pairs');
    const { bytes } = await client.saveTo("SELECT '1' AS b, '2' AS x", path, { format: 'Parquet' });
    const options = { path, table: 'pairs', trust: 'content', sendsFiles: true } as const;
    const plan = await planInsert(client.rawQuery.bind(client), options);
    const draft = draftFor([{ path, bytes, plan }]);
    try {
      await draft.start();
      assert.deepEqual([draft.look.rowCount, draft.look.isLocal], [1, false]);
      await draft.map(1, 'a');
      assert.deepEqual(insertSnapshot(draft).remarks, [
        'The name does not tell the format, the content does: Parquet.',
      ]);
      draft.mode = 'chunked';
      assert.match(insertSnapshot(draft).refusal ?? '', /Parquet file cannot be cut/);
      draft.mode = 'staged';
      assert.equal(insertSnapshot(draft).refusal, undefined);
      const [report] = await insertMany(client, draft.decided());
      assert.equal(report?.state, 'inserted', String(report?.error));
      assert.deepEqual(await sorted(), ['2,1']);
    } finally {
      await draft.dispose();
    }
  });
});
