import assert from 'node:assert/strict';
import { isCancelledError } from '../../../../src/core/client/errors.ts';
import { type Asking, SharedAttempt } from '../../../../src/host/connections/sharedAttempt.ts';

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
    const [one, two] = [first, second].map(({ signal }) => attempt.wait(signal, false));
    first.abort();
    await assert.rejects(one ?? Promise.resolve(), isCancelledError);
    assert.equal(stopped.join(), '');
    second.abort();
    await assert.rejects(two ?? Promise.resolve(), isCancelledError);
    assert.equal(stopped.toSorted().join(), 'attempt,told');
    finish('too late');

    const other = new SharedAttempt(make, () => stopped.push('told'));
    const [third, fourth] = [new AbortController(), undefined];
    const waiting = [third.signal, fourth].map((signal) => other.wait(signal, false));
    third.abort();
    await assert.rejects(waiting[0] ?? Promise.resolve(), isCancelledError);
    finish('made');
    assert.equal(await waiting[1], 'made');
    assert.equal(stopped.length, 2, 'What is made is not stopped.');
  });

  it('may ask as long as somebody waits who may be asked', async () => {
    let asking: Asking = () => undefined;
    let isAskedFirst = false;
    const attempt = new SharedAttempt<string>(
      (_signal, who) => {
        asking = who;
        isAskedFirst = who() !== undefined;
        return new Promise(() => undefined);
      },
      () => undefined,
    );
    const leaving = [new AbortController(), new AbortController(), new AbortController()];
    const [first, second, background] = leaving;
    const waiting = leaving.map((each) => attempt.wait(each.signal, each !== background));
    await Promise.resolve();
    assert.ok(isAskedFirst, 'It is known from the beginning.');
    const question = asking();
    first?.abort();
    await assert.rejects(waiting[0] ?? Promise.resolve(), isCancelledError);
    assert.equal(asking(), question);
    second?.abort();
    await assert.rejects(waiting[1] ?? Promise.resolve(), isCancelledError);
    assert.equal(asking(), undefined);
    assert.ok(question?.aborted, 'An open question is taken away.');
    background?.abort();
    await assert.rejects(waiting[2] ?? Promise.resolve(), isCancelledError);
  });
});
