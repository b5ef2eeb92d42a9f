import assert from 'node:assert/strict';
import { isCancelledError } from '../../../../src/core/client/errors.ts';
import { SharedAttempt } from '../../../../src/host/connections/sharedAttempt.ts';

describe('an attempt that several wait for', () => {
  it('goes on while anybody waits, and is stopped when nobody is left', async () => {
    const stopped: string[] = [];
    let finish: (made: string) => void = () => undefined;
    const make = (signal: AbortSignal): Promise<string> => {
      signal.addEventListener('abort', () => stopped.push('attempt'));
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const attempt = new SharedAttempt(make, () => stopped.push('told'));
    const [first, second] = [new AbortController(), new AbortController()];
    const [one, two] = [first, second].map(({ signal }) => attempt.wait(signal));
    first.abort();
    await assert.rejects(one ?? Promise.resolve(), isCancelledError);
    assert.equal(stopped.join(), '');
    second.abort();
    await assert.rejects(two ?? Promise.resolve(), isCancelledError);
    assert.equal(stopped.join(), 'attempt,told');
    finish('too late');

    const other = new SharedAttempt(make, () => stopped.push('told'));
    const [third, fourth] = [new AbortController(), undefined];
    const waiting = [third.signal, fourth].map((signal) => other.wait(signal));
    third.abort();
    await assert.rejects(waiting[0] ?? Promise.resolve(), isCancelledError);
    finish('made');
    assert.equal(await waiting[1], 'made');
    assert.equal(stopped.length, 2, 'What is made is not stopped.');
  });
});
