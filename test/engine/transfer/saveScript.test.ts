import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  createClient,
  isClickHouseError,
  isFileError,
  isSessionLostError,
} from '../../../src/core/client/index.ts';
import type { Client, Session } from '../../../src/core/client/surface.ts';
import {
  runnerActions,
  saveScript,
  type ScriptRunOptions,
  type StepResult,
} from '../../../src/core/transfer/saveScript.ts';
import { planScript } from '../../../src/core/transfer/scriptPlan.ts';
import { countWholeRows } from '../../../src/core/transfer/rows/wholeRows.ts';
import { ENDLESS, ENDLESS_SETTINGS, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { ask } from '../sql/query.ts';

describe('a script saved into a folder', () => {
  const engine = useEngine();
  const base = useFolder();
  let client: Client;
  let session: Session;
  let folder: string;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(base(), 'script-'));
    session = client.session();
  });
  afterEach(() => session.close());
  after(() => client.close());

  const run = (
    script: string,
    options: Partial<ScriptRunOptions> & { overwrite?: boolean } = {},
  ): Promise<StepResult[]> => {
    const { overwrite = false, ...rest } = options;
    const steps = planScript(script, { folder, format: 'CSVWithNames', overwrite });
    return saveScript(steps, runnerActions(session), { onFailure: 'stop', ...rest });
  };
  const states = (results: readonly StepResult[]): string[] => results.map(({ state }) => state);
  const file = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

  it('has one file for each statement with rows, in one session', async () => {
    const seen: string[] = [];
    const results = await run(
      `SET session_timezone = 'Asia/Tokyo';
       CREATE TEMPORARY TABLE trips (id UInt32, at DateTime);
       INSERT INTO trips VALUES (1, '2024-01-01 00:00:00'), (2, '2024-01-01 12:00:00');
       SELECT id, at, toUnixTimestamp(at) AS t FROM trips ORDER BY id;
       SELECT count() FROM trips INTO OUTFILE 'count.tsv';
       SELECT timezone() AS tz FORMAT JSONEachRow;`,
      { onStep: (step, ended) => seen.push(`${step.number} ${ended?.state ?? 'begins'}`) },
    );
    assert.deepEqual(states(results), ['ran', 'ran', 'ran', 'saved', 'saved', 'saved']);
    assert.deepEqual((await readdir(folder)).sort(), [
      '04-trips.csv',
      '06-select.jsonl',
      'count.tsv',
    ]);
    // 1704034800 is 2024-01-01 00:00 in Tokyo (GNU date).
    assert.equal(
      await file('04-trips.csv'),
      '"id","at","t"\n1,"2024-01-01 00:00:00",1704034800\n2,"2024-01-01 12:00:00",1704078000\n',
    );
    assert.equal(await file('count.tsv'), '2\n');
    assert.equal(await file('06-select.jsonl'), '{"tz":"Asia\\/Tokyo"}\n');
    assert.deepEqual(seen.slice(0, 4), ['1 begins', '1 ran', '2 begins', '2 ran']);
    const receipts = results.flatMap((result) =>
      result.state === 'saved' ? [result.receipt] : [],
    );
    assert.deepEqual(
      receipts.map(({ path }) => basename(path)),
      ['04-trips.csv', 'count.tsv', '06-select.jsonl'],
    );
  });

  it('stops at the first failure, or goes on, as chosen', async () => {
    const script = 'SELECT 1; SELECT no_such; SELECT 3';
    const stopped = await run(script);
    assert.deepEqual(states(stopped), ['saved', 'failed', 'notRun']);
    const failed = stopped[1];
    assert.ok(failed?.state === 'failed' && isClickHouseError(failed.error));
    assert.deepEqual(await readdir(folder), ['01-select.csv']);
    const asked: number[] = [];
    const went = await run(script, {
      overwrite: true,
      onFailure: (_failure, left) => {
        asked.push(left);
        return true;
      },
    });
    assert.deepEqual(states(went), ['saved', 'failed', 'saved']);
    assert.deepEqual(asked, [1]);
    assert.equal(await file('03-select.csv'), '"3"\n3\n');
  });

  it('runs nothing when a file is there already, or its folder is not', async () => {
    await writeFile(join(folder, '02-select.csv'), 'mine');
    const script = 'CREATE TABLE made_by_script (a UInt8) ENGINE = Memory; SELECT 1';
    await assert.rejects(run(script), (error) => isFileError(error) && error.code === 'EXISTS');
    await assert.rejects(run("SELECT 1 INTO OUTFILE 'none/x'; SELECT 2"), isFileError);
    const tables = await client.rawQuery(
      "SELECT count() FROM system.tables WHERE name = 'made_by_script'",
    );
    assert.equal(tables.text().trim(), '0');
    assert.equal(await file('02-select.csv'), 'mine');
    assert.deepEqual(await readdir(folder), ['02-select.csv']);
  });

  it('goes on no more once it is cancelled', async () => {
    const controller = new AbortController();
    const set = Object.entries(ENDLESS_SETTINGS).map(([name, value]) => `${name} = ${value}`);
    const results = await run(`SELECT 1; ${ENDLESS} SETTINGS ${set.join()}; SELECT 3`, {
      onFailure: 'continue',
      signal: controller.signal,
      onStep: (step, ended) => {
        if (step.number === 2 && ended === undefined)
          setTimeout(() => {
            controller.abort();
          }, 100);
      },
    });
    assert.deepEqual(states(results), ['saved', 'cancelled', 'notRun']);
    assert.deepEqual(await readdir(folder), ['01-select.csv']);
  });

  it('runs nothing more in a session that was lost, whatever was chosen', async () => {
    const script = 'SET max_threads = 1; SELECT 1; SELECT 2; SELECT 3';
    const actions = runnerActions(session);
    const results = await saveScript(
      planScript(script, { folder, format: 'CSV' }),
      {
        ...actions,
        save: async (step, by) => {
          const receipt = await actions.save(step, by);
          // As a server that restarts does.
          await ask(engine(), 'SELECT 1', { session_id: session.id, close_session: '1' });
          return receipt;
        },
      },
      { onFailure: 'continue' },
    );
    assert.deepEqual(states(results), ['ran', 'saved', 'failed', 'notRun']);
    const [, , failed] = results;
    assert.ok(failed?.state === 'failed' && isSessionLostError(failed.error));
  });

  it('tells what a failed statement left, and sends what each is to be sent with', async () => {
    const steps = planScript(
      'SELECT {n:UInt8} AS n; SELECT sipHash64(number), throwIf(number = 1000000) FROM numbers(2000000)',
      { folder, format: 'CSV' },
    );
    const actions = runnerActions(session, {
      keepPartial: true,
      requestFor: ({ number }) => ({ params: { n: number }, settings: { max_block_size: 1000 } }),
    });
    const [first, second] = await saveScript(steps, actions, { onFailure: 'stop' });
    assert.equal(first?.state, 'saved');
    assert.equal(await file('01-select.csv'), '1\n');
    assert.ok(second?.state === 'failed' && second.partial);
    const { rows = 0 } = await countWholeRows(second.partial.path, second.partial);
    assert.ok(rows > 0 && rows <= 1_000_000);
  });
});
