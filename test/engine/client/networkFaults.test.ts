import assert from 'node:assert/strict';
import {
  createClient,
  createPool,
  isConnectError,
  isIdleTimeoutError,
  isRowhouseError,
  isTruncatedResponseError,
  isWrongPortError,
  type RowhouseError,
} from '../../../src/core/client/index.ts';
import type { Pool } from '../../../src/core/client/connectionSurface.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { type Fault, TcpProxy } from './tcpProxy.ts';

const IDLE_MS = 700;
/** Pauses between the four attempts at a connection, with their jitter. */
const REPEATS_MS = (100 + 400 + 1_600) * 1.25;
/** What a busy machine may need beside the deadline itself. */
const SLACK_MS = 2_000;
const LARGE = 'SELECT number FROM numbers(1000000)';

type Call = readonly [name: string, writes: boolean, call: (client: Client) => Promise<unknown>];

const CALLS: readonly Call[] = [
  ['a read', false, (client) => client.rawQuery(LARGE)],
  [
    'a stream',
    false,
    async (client) => {
      for await (const bytes of await client.rawStream(LARGE)) bytes;
    },
  ],
  [
    'an insert',
    true,
    (client) => client.rawInsert({ table: 'faults', format: 'CSV', source: '1\n' }),
  ],
  ['a command', true, (client) => client.command('TRUNCATE TABLE faults')],
  ['a statement of a session', false, (client) => client.session().rawQuery(LARGE)],
  ['the question who we are', false, (client) => client.serverInfo()],
];

interface Expected {
  readonly fault: Fault | 'refuse' | 'delay';
  readonly withinMs: number;
  /** Without the word, what holds for statements that only read. */
  readonly isNamed: (error: RowhouseError) => boolean;
  /** Whether a statement that writes may have been executed. */
  readonly ambiguous: boolean;
}

const EXPECTED: readonly Expected[] = [
  {
    fault: 'refuse',
    withinMs: REPEATS_MS,
    isNamed: (error) => isConnectError(error) && error.code === 'ECONNREFUSED',
    ambiguous: false,
  },
  { fault: 'blackHole', withinMs: IDLE_MS, isNamed: isIdleTimeoutError, ambiguous: true },
  { fault: 'delay', withinMs: IDLE_MS, isNamed: isIdleTimeoutError, ambiguous: true },
  { fault: 'reset', withinMs: 0, isNamed: isConnectError, ambiguous: true },
  { fault: 'halfClose', withinMs: 0, isNamed: isConnectError, ambiguous: true },
];

describe('faults of the network before the only host', () => {
  const engine = useEngine();
  let proxy: TcpProxy;
  let pool: Pool;
  let client: Client;

  before(async () => {
    const own = createClient(engine());
    await own.command('CREATE TABLE faults (a UInt8) ENGINE = MergeTree ORDER BY a');
    await own.close();
  });

  beforeEach(async () => {
    proxy = await new TcpProxy(engine().url).open();
    pool = createPool({ connections: 16, controlConnections: 16 });
    client = createClient({ ...engine(), url: proxy.url, idleTimeoutMs: IDLE_MS, pool });
  });

  afterEach(async () => {
    proxy.fault = 'pass';
    proxy.delayMs = 0;
    await client.close();
    await pool.close();
    await proxy.close();
  });

  /** The error that a call ends with, and when. */
  async function failed(call: Promise<unknown>): Promise<{ error: RowhouseError; ms: number }> {
    const started = performance.now();
    const error = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(isRowhouseError(error), String(error));
    return { error, ms: performance.now() - started };
  }

  for (const { fault, withinMs, isNamed, ambiguous } of EXPECTED) {
    for (const when of ['at once', 'after a while'] as const) {
      it(`${fault} ${when}: every call ends in a named error in time, and works again afterwards`, async () => {
        if (when === 'after a while')
          assert.equal((await client.rawQuery('SELECT 1')).text(), '1\n');
        if (fault === 'refuse') await proxy.close();
        else if (fault === 'delay') proxy.delayMs = IDLE_MS + SLACK_MS;
        else proxy.fault = fault;
        await Promise.all(
          CALLS.map(async ([name, writes, call]) => {
            const { error, ms } = await failed(call(client));
            assert.ok(isNamed(error), `${name}: ${error.kind} ${error.message}`);
            assert.ok(ms < withinMs + SLACK_MS, `${name}: ${ms} ms`);
            assert.ok(error.message.includes(proxy.url), `${name}: ${error.message}`);
            assert.ok(error.hint !== undefined, `${name} says nothing about what to do.`);
            if (writes) assert.equal(error.ambiguous, ambiguous, `${name}: ${error.message}`);
          }),
        );
        if (fault === 'refuse') await proxy.open();
        proxy.fault = 'pass';
        proxy.delayMs = 0;
        assert.equal((await client.rawQuery('SELECT 42')).text(), '42\n');
      });
    }
  }

  describe('without an idle timeout', () => {
    const DEAD_MS = 900;
    let own: Client;

    beforeEach(() => {
      own = createClient({ ...engine(), url: proxy.url, deadHostMs: DEAD_MS, pool });
    });

    afterEach(() => own.close());

    it('a host that has not answered anything for long is given up, also by what writes', async () => {
      await own.rawQuery('SELECT 1');
      proxy.fault = 'blackHole';
      const write = await failed(own.command('INSERT INTO faults VALUES (1)'));
      assert.ok(isIdleTimeoutError(write.error) && write.error.ambiguous, String(write.error));
      assert.ok(write.ms < DEAD_MS + SLACK_MS, `${write.ms} ms`);
    });

    it('and in the middle of a result', async () => {
      const stream = await own.rawStream(LARGE);
      proxy.fault = 'blackHole';
      const { error, ms } = await failed(
        (async () => {
          for await (const chunk of stream) assert.ok(chunk.length > 0);
        })(),
      );
      assert.ok(isIdleTimeoutError(error), String(error));
      assert.ok(ms < DEAD_MS + SLACK_MS, `${ms} ms`);
    });

    it('a silent statement is waited for while its host answers', async () => {
      const slow = await own.rawQuery('SELECT sleep(2.5)');
      assert.equal(slow.text(), '0\n');
    });
  });

  it('cut in the middle of a result: it is told as incomplete, with what came', async () => {
    proxy.fault = 'cut';
    const { error } = await failed(client.rawQuery(LARGE));
    assert.ok(isTruncatedResponseError(error) && error.bytesReceived > 0, String(error));
    let bytes = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of await client.rawStream(LARGE)) bytes += chunk.length;
    };
    const streamed = await failed(read());
    assert.ok(isTruncatedResponseError(streamed.error), String(streamed.error));
    assert.ok(bytes > 0);
  });

  it('a delay within the limit of silence delays, and nothing else', async () => {
    proxy.delayMs = 200;
    assert.equal((await client.rawQuery('SELECT 42')).text(), '42\n');
  });

  it('TLS with a port that speaks none is told as that, whatever is called', async () => {
    const tls = createClient({ ...engine(), url: proxy.url.replace('http:', 'https:'), pool });
    await Promise.all(
      CALLS.map(async ([name, , call]) => {
        const { error, ms } = await failed(call(tls));
        assert.ok(isWrongPortError(error), `${name}: ${String(error)}`);
        assert.match(error.hint ?? '', /http:\/\//);
        assert.ok(!error.ambiguous && ms < SLACK_MS, `${name}: ${ms} ms`);
      }),
    );
    await tls.close();
  });

  it('cancel under a black hole ends the call at once and tells that the server was not asked', async () => {
    const patient = createClient({ ...engine(), url: proxy.url, pool });
    await patient.rawQuery('SELECT 1');
    proxy.fault = 'blackHole';
    const abort = new AbortController();
    const call = failed(patient.rawQuery(LARGE, { signal: abort.signal }));
    abort.abort();
    const { error, ms } = await call;
    assert.equal(error.kind, 'cancelled');
    assert.ok(ms < SLACK_MS, `${ms} ms`);
    proxy.fault = 'pass';
    await patient.close();
  });
});
