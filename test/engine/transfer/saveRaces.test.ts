import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, isCancelledError, isFileError } from '../../../src/core/client/index.ts';
import { systemCode } from '../../../src/core/transfer/fileErrors.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { curl, seededRandom, until, useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { save, SITUATIONS } from './saveCheck.ts';

const result = (rows: number): string =>
  `SELECT number, sipHash64(number) AS hash FROM numbers(${rows})`;
/** 0.3 MB: written with one call at the end. */
const SQL = result(12_000);
/** 1.3 MB: written by a thread while it comes. */
const LARGER = result(50_000);
const SETTINGS = { max_block_size: '1000' };
const THEIRS = 'made by someone else';

describe('a save and what happens at any moment', () => {
  const engine = useEngine();
  const folder = useFolder();
  const seed = randomInt(1_000_000);
  let client: Client;
  let whole: Buffer;
  let largerWhole: Buffer;
  let count = 0;
  before(async () => {
    client = createClient(engine());
    whole = await curl(engine(), SQL, { default_format: 'CSV', ...SETTINGS });
    largerWhole = await curl(engine(), LARGER, { default_format: 'CSV', ...SETTINGS });
  });
  after(() => client.close());

  function freshTarget(): string {
    const own = join(folder(), String((count += 1)));
    mkdirSync(own);
    return join(own, 'result.out');
  }

  /** Milliseconds that a save takes here and now. */
  async function usualMs(sql: string): Promise<number> {
    const options = { format: 'CSV', settings: SETTINGS };
    await client.saveTo(sql, freshTarget(), options);
    return (await client.saveTo(sql, freshTarget(), options)).ms;
  }

  it(`is cancelled, in 200 rounds (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const usual = { [SQL]: await usualMs(SQL), [LARGER]: await usualMs(LARGER) };
    const codings = ['none', 'none', 'gzip', 'zstd'] as const;
    const seen = { cancelled: 0, saved: 0 };
    const round = async (index: number, share: number): Promise<void> => {
      const sql = index % 8 < 2 ? LARGER : SQL;
      // Two run at once, which takes twice as long.
      const afterMs = share * 2.5 * (usual[sql] ?? 0);
      const compression = codings[index % codings.length] ?? 'none';
      // Adding compressed bytes to a text makes nothing to look into.
      const situations = compression === 'none' ? SITUATIONS : SITUATIONS.slice(0, 3);
      const { old, options } = situations[index % situations.length] ?? SITUATIONS[0];
      const cancel = new AbortController();
      const timer = setTimeout(() => {
        cancel.abort();
      }, afterMs);
      const { error } = await save({
        client,
        sql,
        target: freshTarget(),
        options: {
          ...options,
          format: 'CSV',
          compression,
          settings: SETTINGS,
          queryId: `cancel-${seed}-${index}`,
          signal: cancel.signal,
        },
        old,
        reference: sql === SQL ? whole : largerWhole,
      });
      clearTimeout(timer);
      if (error === undefined) seen.saved += 1;
      else seen.cancelled += 1;
      assert.ok(error === undefined || isCancelledError(error), String(error));
    };
    const rounds = Array.from({ length: 200 }, (_, index) => ({ index, share: random() }));
    const lane = async (): Promise<void> => {
      for (let next = rounds.shift(); next !== undefined; next = rounds.shift()) {
        const { index, share } = next;
        await round(index, share).catch((error: unknown) => {
          throw new Error(`Round ${index}, cancelled at ${share}`, { cause: error });
        });
      }
    };
    await Promise.all([lane(), lane()]);
    assert.ok(seen.cancelled > 20 && seen.saved > 5, JSON.stringify(seen));
    await until(async () => {
      const running = `SELECT count() FROM system.processes WHERE query_id LIKE 'cancel-${seed}-%'`;
      return (await client.rawQuery(running)).text() === '0\n';
    });
  }).timeout(120_000);

  it(`never replaces a file that someone makes at its last moment (seed ${seed})`, async () => {
    const random = seededRandom(seed);
    const options = { format: 'CSV', settings: SETTINGS };
    const seen = { theirs: 0, ours: 0 };
    for (let index = 0; index < 40; index += 1) {
      const target = freshTarget();
      // The file is complete, and its sync, check and new name come next.
      const afterMs = random() * 4;
      let made: boolean | undefined;
      const onProgress = ({ bytes }: { bytes: number }): void => {
        if (bytes < whole.length || made !== undefined) return;
        made = false;
        const due = performance.now() + afterMs;
        const attempt = (): void => {
          if (performance.now() < due) setImmediate(attempt);
          else made = makeTheirs(target);
        };
        attempt();
      };
      const error = await client.saveTo(SQL, target, { ...options, onProgress }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      await until(() => made !== undefined);
      if (error === undefined) {
        seen.ours += 1;
        assert.ok(readFileSync(target).equals(whole), 'the saved file is there');
      } else {
        seen.theirs += 1;
        assert.ok(isFileError(error) && error.code === 'EXISTS');
        assert.equal(readFileSync(target, 'utf8'), THEIRS);
      }
      assert.deepEqual(readdirSync(join(target, '..')), ['result.out']);
    }
    assert.ok(seen.ours > 0 && seen.theirs > 0, JSON.stringify(seen));
  });

  it('is refused while another save writes the same file, whose result stays whole', async () => {
    const target = freshTarget();
    const options = { format: 'CSV', overwrite: true };
    const slow = 'SELECT number, sleepEachRow(0.01) FROM numbers(30)';
    const first = client.saveTo(slow, target, options);
    await until(() => readdirSync(join(target, '..')).includes('result.out.partial'));
    await assert.rejects(client.saveTo('SELECT 1', target, options), (error) => {
      return isFileError(error) && error.code === 'BUSY' && error.message.includes(target);
    });
    await first;
    assert.equal(readFileSync(target, 'utf8').split('\n').length, 31);
    await client.saveTo('SELECT 1', target, options);
    assert.equal(readFileSync(target, 'utf8'), '1\n');
    rmSync(target);
    await assert.rejects(client.saveTo('SELECT nothing', target, options));
    await client.saveTo('SELECT 1', target, options);
  });
});

/** True when it was not there. */
function makeTheirs(target: string): boolean {
  try {
    writeFileSync(target, THEIRS, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return false;
  }
}
