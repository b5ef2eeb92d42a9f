import assert from 'node:assert/strict';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client, QueryProgress } from '../../../src/core/client/surface.ts';
import { findInQueryLog, type QueryLogEntry } from '../../../src/core/statistics/queryLog.ts';
import { ENDLESS, ENDLESS_SETTINGS, until } from '../client/support.ts';
import { useEngine } from '../fixture.ts';

const ROWS = 300_000;

describe('figures of a query', () => {
  const engine = useEngine();
  let client: Client;
  before(async () => {
    client = createClient(engine());
    await client.command(
      'CREATE TABLE big (a UInt64, b String) ENGINE = MergeTree ORDER BY a SETTINGS index_granularity = 1024',
    );
    await client.command(`INSERT INTO big SELECT number, toString(number) FROM numbers(${ROWS})`);
  });
  after(() => client.close());

  async function run(sql: string): Promise<{ queryId: string; startedAt: number; error: unknown }> {
    const startedAt = Date.now();
    const queryId = crypto.randomUUID();
    let error: unknown;
    try {
      const stream = await client.rawStream(sql, { queryId, format: 'ArrowStream' });
      for await (const chunk of stream) assert.ok(chunk.length > 0);
    } catch (thrown) {
      error = thrown;
    }
    return { queryId, startedAt, error };
  }

  async function entryOf(query: { queryId: string; startedAt: number }): Promise<QueryLogEntry> {
    const answer = await findInQueryLog(client, { ...query, endedAt: Date.now() });
    if (answer.state !== 'found') assert.fail(answer.state);
    return answer.entry;
  }

  async function rows(sql: string): Promise<string[][]> {
    const text = (await client.rawQuery(sql, { format: 'TSV' })).text().trimEnd();
    return text.split('\n').map((line) => line.split('\t'));
  }

  it('are those of system.query_log, to the last digit', async () => {
    const query = await run('SELECT a, b FROM big WHERE a >= 100000');
    const { figures, events, type, tables } = await entryOf(query);
    const [expected] = await rows(
      `SELECT read_rows, read_bytes, written_rows, result_rows, result_bytes, memory_usage, query_duration_ms
       FROM system.query_log WHERE query_id = '${query.queryId}' AND type = 'QueryFinish'`,
    );
    assert.deepEqual(
      [
        figures.readRows,
        figures.readBytes,
        figures.writtenRows,
        figures.resultRows,
        figures.resultBytes,
        figures.peakMemoryBytes,
        figures.elapsedMs,
      ].map(String),
      expected,
    );
    const logged = await rows(
      `SELECT name, value FROM system.query_log ARRAY JOIN mapKeys(ProfileEvents) AS name, mapValues(ProfileEvents) AS value
       WHERE query_id = '${query.queryId}' AND type = 'QueryFinish' ORDER BY name`,
    );
    assert.deepEqual(
      Object.entries(events).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      logged,
    );
    assert.deepEqual([type, tables], ['QueryFinish', ['default.big']]);
  });

  it('tell parts and marks as the table has them, and the rows that really came', async () => {
    const { figures, events } = await entryOf(await run('SELECT a, b FROM big WHERE a >= 100000'));
    assert.equal(figures.resultRows, ROWS - 100_000);
    const [[parts, marks] = []] = await rows(
      "SELECT count(), sum(marks) - count() FROM system.parts WHERE table = 'big' AND active",
    );
    assert.equal(events['SelectedPartsTotal'], parts);
    assert.equal(events['SelectedMarksTotal'], marks);
    const [estimate = []] = await rows('EXPLAIN ESTIMATE SELECT a, b FROM big WHERE a >= 100000');
    assert.deepEqual(estimate.slice(2), [
      events['SelectedParts'],
      String(figures.readRows),
      events['SelectedMarks'],
    ]);
  });

  it('are there for a query that failed', async () => {
    const query = await run('SELECT throwIf(a = 200000) FROM big');
    assert.ok(query.error);
    const { type, exception, figures } = await entryOf(query);
    assert.equal(type, 'ExceptionWhileProcessing');
    assert.match(exception, /throwIf/);
    assert.ok(figures.readRows > 0);
  });

  it('are missing at once for a query of long ago that the log does not have', async () => {
    const started = performance.now();
    const hour = Date.now() - 3_600_000;
    const query = { queryId: 'no-such-query', startedAt: hour, endedAt: hour };
    assert.deepEqual(await findInQueryLog(client, query), { state: 'missing' });
    assert.ok(performance.now() - started < 5_000);
  });

  it('that are polled while it runs lie between what system.processes says before and after', async () => {
    const queryId = crypto.randomUUID();
    const abort = new AbortController();
    const seen: QueryProgress[] = [];
    const query = client
      .rawQuery(ENDLESS, { queryId, settings: ENDLESS_SETTINGS, signal: abort.signal })
      .catch(() => undefined);
    const ask = async (): Promise<number[]> => {
      const [row = []] = await rows(
        `SELECT read_rows, read_bytes, total_rows_approx, peak_memory_usage, length(thread_ids), elapsed * 1000
         FROM system.processes WHERE query_id = '${queryId}'`,
      );
      return row.map(Number);
    };
    await until(async () => (await ask()).length === 6);
    const first = await ask();
    const watch = client.progress(queryId, (progress) => seen.push(progress));
    await until(() => seen.length > 1);
    const last = await ask();
    watch.stop();
    abort.abort();
    await query;
    for (const poll of seen) {
      const { readRows, readBytes, totalRows, peakMemoryBytes, threads, elapsedMs } = poll;
      const figures = [readRows, readBytes, totalRows, peakMemoryBytes, threads, elapsedMs];
      for (const [at, figure] of figures.entries()) {
        const [low = NaN, high = NaN] = [first[at], last[at]];
        assert.ok(figure >= low && figure <= high, `${at}: ${low} ≤ ${figure} ≤ ${high}`);
      }
    }
    assert.ok(seen.every(({ memoryBytes, peakMemoryBytes }) => memoryBytes <= peakMemoryBytes));
  });
});
