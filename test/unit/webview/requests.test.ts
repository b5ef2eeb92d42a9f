import assert from 'node:assert/strict';
import type { WebviewMessage } from '../../../src/shared/protocol.ts';
import { type FirstRows, RequestError, Requests } from '../../../webview/requests.ts';

const query = { resultId: 'r', firstRow: 0, rows: 10, columns: [0] };
const never = new AbortController().signal;

function started(timeoutMs?: number) {
  const posted: WebviewMessage[] = [];
  const requests = new Requests((message) => posted.push(message), timeoutMs);
  return { requests, posted };
}

describe('requests to the host', () => {
  it('gives each answer to its request', async () => {
    const { requests, posted } = started();
    const first = requests.window(query, never);
    const second = requests.window(query, never);
    assert.deepEqual(
      posted.map((m) => m.type === 'window' && m.requestId),
      [1, 2],
    );
    const ipc = new Uint8Array(1);
    requests.answer({ type: 'window', requestId: 2, firstRow: 20, ipc });
    requests.answer({ type: 'window', requestId: 1, firstRow: 10, ipc });
    assert.equal((await first).firstRow, 10);
    assert.equal((await second).firstRow, 20);
  });

  it('gives first rows that the host has sent already for the request that they answer', () => {
    const { requests, posted } = started();
    const ipc = new Uint8Array(1);
    const sent: FirstRows = { type: 'firstRows', resultId: 'r', rows: 10, columns: [0], ipc };
    for (const other of [
      { ...query, resultId: 'other' },
      { ...query, firstRow: 256 },
      { ...query, rows: 9 },
      { ...query, columns: [0, 1] },
      { ...query, columns: [1] },
      { ...query, view: 'sorted' },
      { ...query, whole: true },
    ]) {
      requests.offer(sent);
      assert.equal(requests.offered(other), undefined);
    }
    assert.equal(requests.offered({ ...query, rows: 256 })?.ipc, ipc);
    assert.equal(requests.offered(query), undefined, 'they are used once');
    assert.deepEqual(posted, []);
  });

  it('ends with the error of the host', async () => {
    const { requests } = started();
    const asked = requests.window(query, never);
    requests.answer({ type: 'failed', requestId: 1, message: 'The spool is gone.' });
    await assert.rejects(asked, new RequestError('The spool is gone.'));
  });

  it('tells the host when the answer is not wanted any more, and drops it', async () => {
    const { requests, posted } = started();
    const abort = new AbortController();
    const asked = requests.window(query, abort.signal);
    abort.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    assert.deepEqual(posted.at(-1), { type: 'abandon', requestId: 1 });
    requests.answer({ type: 'failed', requestId: 1, message: 'late' });
  });

  it('ends when the host is silent', async () => {
    const { requests, posted } = started(20);
    await assert.rejects(requests.window(query, never), /No answer within 0.02 s/);
    assert.deepEqual(posted.at(-1), { type: 'abandon', requestId: 1 });
  });
});
