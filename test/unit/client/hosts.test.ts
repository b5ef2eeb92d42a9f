import assert from 'node:assert/strict';
import type { Endpoint } from '../../../src/core/client/endpoint.ts';
import { type Host, Hosts } from '../../../src/core/client/hosts.ts';

function host(url: string): Host {
  return { url, endpoint: {} as Endpoint, info: undefined, ask: () => Promise.resolve('') };
}

describe('hosts', () => {
  const [a, b] = [host('a'), host('b')];
  let now: number;
  let told: string[];
  let asked: string[];
  let hosts: Hosts;

  beforeEach(() => {
    now = 0;
    told = [];
    asked = [];
    hosts = new Hosts(
      [a, b],
      ({ url }) => told.push(url),
      () => now,
    );
  });

  /** Lets hosts whose rest is over say whether they answer. */
  async function look(does: boolean): Promise<string[]> {
    asked = [];
    hosts.lookAfterFailed(({ url }) => {
      asked.push(url);
      return Promise.resolve(does);
    });
    await new Promise((resolve) => setImmediate(resolve));
    return asked;
  }

  it('the first that has not failed is in use, and whoever listens is told', () => {
    assert.equal(hosts.inUse, a);
    hosts.failed(a);
    assert.equal(hosts.inUse, b);
    hosts.failed(b);
    assert.equal(hosts.inUse, b, 'With all of them failing it moved.');
    hosts.answered(a);
    assert.equal(hosts.inUse, a);
    assert.deepEqual(told, ['b', 'a']);
  });

  it('one that failed is asked after half a minute, then after longer ones, and used once it answers', async () => {
    hosts.failed(a);
    assert.deepEqual(await look(true), []);
    now = 30_000;
    assert.deepEqual(await look(false), ['a']);
    now = 60_000;
    assert.deepEqual(await look(true), [], 'A second failure does not rest longer.');
    now = 90_000;
    assert.deepEqual(await look(true), ['a']);
    assert.equal(hosts.inUse, a);
    assert.deepEqual(await look(true), []);
  });

  it('a statement tries those that are well first, and each once', () => {
    hosts.failed(a);
    assert.equal(hosts.next(new Set()), b);
    assert.equal(hosts.next(new Set([b])), a);
    assert.equal(hosts.next(new Set([a, b])), undefined);
  });
});
