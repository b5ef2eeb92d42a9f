import assert from 'node:assert/strict';
import { startEngine } from '../../../src/core/engine/engine.ts';
import { type EngineEvent, EngineSupervisor } from '../../../src/core/engine/supervisor.ts';
import { childScript, testProgram } from '../fixture.ts';
import { ask, until } from './http.ts';

describe('engine supervisor', () => {
  let supervisor: EngineSupervisor;
  let events: EngineEvent['type'][];

  beforeEach(() => {
    events = [];
    supervisor = new EngineSupervisor(async (signal) =>
      startEngine({ program: await testProgram(), childScript, signal }),
    );
    supervisor.onEvent((event) => events.push(event.type));
  });

  afterEach(() => supervisor.stop());

  it('starts one engine for callers at the same moment', async () => {
    const [a, b] = await Promise.all([supervisor.ensureStarted(), supervisor.ensureStarted()]);
    assert.equal(a, b);
    assert.equal(supervisor.generation, 1);
    assert.equal(await supervisor.ensureStarted(), a);
  });

  it('notices a crash, and starts anew at the next need under another generation', async () => {
    const first = await supervisor.ensureStarted();
    process.kill(first.pid, 'SIGKILL');
    await until(() => supervisor.state === 'stopped', 2_000);
    assert.deepEqual(events, ['starting', 'running', 'crashed']);

    const second = await supervisor.ensureStarted();
    assert.notEqual(second.pid, first.pid);
    assert.equal(supervisor.generation, 2);
    assert.equal((await ask(second.endpoint, 'SELECT 1')).text, '1\n');
  });

  it('starts anew also before the end of the old process was reported', async () => {
    const first = await supervisor.ensureStarted();
    await ask(first.endpoint, 'SYSTEM KILL').catch(() => undefined);
    const second = await supervisor.ensureStarted();
    assert.equal((await ask(second.endpoint, 'SELECT 1')).text, '1\n');
    assert.ok(events.includes('crashed'));
  });

  it('does not call a stop that was asked for a crash', async () => {
    await supervisor.ensureStarted();
    await supervisor.stop();
    await until(() => supervisor.state === 'stopped', 2_000);
    assert.deepEqual(events, ['starting', 'running', 'stopped']);
  });

  it('can be tried again after a start that failed', async () => {
    let fail = true;
    const flaky = new EngineSupervisor(async () => {
      if (fail) throw new Error('no engine');
      return startEngine({ program: await testProgram(), childScript });
    });
    await assert.rejects(flaky.ensureStarted(), /no engine/);
    fail = false;
    await flaky.ensureStarted();
    await flaky.stop();
  });
});
