import assert from 'node:assert/strict';
import { TableQueue } from '../../../../src/host/transfer/insert/tableQueue.ts';

describe('inserts into one table', () => {
  /** A job that ends when it is told to. */
  function jobOf(log: string[], name: string): { run: () => Promise<string>; end: () => void } {
    let resolve: (name: string) => void = () => undefined;
    const ended = new Promise<string>((done) => {
      resolve = done;
    });
    return {
      run: () => {
        log.push(name);
        return ended;
      },
      end: () => {
        resolve(name);
      },
    };
  }
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('run one after the other; those of other tables at once', async () => {
    const log: string[] = [];
    const queue = new TableQueue();
    const [first, second, other] = ['first', 'second', 'other'].map((name) => jobOf(log, name));
    assert.ok(first && second && other);
    const ends = [queue.run('t', first.run), queue.run('t', second.run), queue.run('u', other.run)];
    await settled();
    assert.deepEqual(log, ['first', 'other']);
    first.end();
    await settled();
    assert.deepEqual(log, ['first', 'other', 'second']);
    second.end();
    other.end();
    assert.deepEqual(await Promise.all(ends), ['first', 'second', 'other']);
    assert.equal(queue.isBusy('t'), false);
  });

  it('that wait and are cancelled end at once, and let nobody pass those before them', async () => {
    const log: string[] = [];
    const queue = new TableQueue();
    const [first, waiting, last] = ['first', 'waiting', 'last'].map((name) => jobOf(log, name));
    assert.ok(first && waiting && last);
    const abort = new AbortController();
    const running = queue.run('t', first.run);
    const cancelled = queue.run('t', waiting.run, abort.signal);
    const behind = queue.run('t', last.run);
    await settled();
    abort.abort();
    waiting.end();
    assert.equal(await cancelled, 'waiting');
    await settled();
    assert.deepEqual(log, ['first', 'waiting']);
    assert.ok(queue.isBusy('t'));
    first.end();
    last.end();
    assert.deepEqual(await Promise.all([running, behind]), ['first', 'last']);
  });

  it('run also after one that failed', async () => {
    const queue = new TableQueue();
    const failing = queue.run('t', () => Promise.reject(new Error('no')));
    const next = queue.run('t', () => Promise.resolve('next'));
    await assert.rejects(failing, /no/);
    assert.equal(await next, 'next');
  });
});
