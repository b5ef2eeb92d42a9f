import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Engine, type StartOptions, startEngine } from '../../../src/core/engine/engine.ts';
import { isEngineError } from '../../../src/core/engine/errors.ts';
import { childScript, testProgram } from '../fixture.ts';
import { ask, isAlive, until } from './http.ts';

describe('local engine: life and death', () => {
  let root: string;
  const engines: Engine[] = [];

  async function start(options: Partial<StartOptions> = {}): Promise<Engine> {
    const engine = await startEngine({ program: await testProgram(), childScript, ...options });
    engines.push(engine);
    return engine;
  }

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'rowhouse-test-'));
  });

  afterEach(async () => {
    await Promise.all(engines.splice(0).map((engine) => engine.stop()));
    rmSync(root, { recursive: true, force: true });
  });

  it('is ready within 3 s', async () => {
    const before = Date.now();
    await start();
    assert.ok(Date.now() - before < 3_000);
  });

  it('ends within 2 s when its parent is killed, and leaves no temporary files', async () => {
    const program = JSON.stringify(await testProgram());
    const engineModule = new URL('../../../src/core/engine/engine.ts', import.meta.url).href;
    const script = `
      const { startEngine } = await import(${JSON.stringify(engineModule)});
      const engine = await startEngine({ program: ${program}, childScript: ${JSON.stringify(childScript)} });
      console.log(engine.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: root },
    });
    let printed = '';
    parent.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    await until(() => printed.includes('\n'), 20_000);
    const pid = Number(printed);
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid), 2_000);
    assert.deepEqual(readdirSync(root), []);
  });

  it('keeps a table through SIGKILL and restart', async () => {
    const dataDirectory = path.join(root, 'data');
    const first = await start({ dataDirectory });
    await ask(first.endpoint, 'CREATE TABLE kept (x UInt64) ENGINE = MergeTree ORDER BY x');
    await ask(first.endpoint, 'INSERT INTO kept SELECT number FROM numbers(1000)');
    process.kill(first.pid, 'SIGKILL');
    assert.equal((await first.exited).unexpected, true);

    const second = await start({ dataDirectory });
    assert.equal(
      (await ask(second.endpoint, 'SELECT count(), sum(x) FROM kept')).text,
      '1000\t499500\n',
    );
  });

  it('says that the data directory is in use, and leaves the first engine alone', async () => {
    const dataDirectory = path.join(root, 'data');
    const first = await start({ dataDirectory });
    await assert.rejects(start({ dataDirectory }), (error: unknown) => {
      assert.ok(isEngineError(error));
      assert.equal(error.kind, 'engineDataInUse');
      assert.ok(error.message.includes(dataDirectory));
      assert.match(error.hint, /Another window/);
      return true;
    });
    assert.equal((await ask(first.endpoint, 'SELECT 1')).text, '1\n');
  });

  it('never picks up a config.xml of the working directory', async () => {
    const workspace = path.join(root, 'workspace');
    mkdirSync(workspace);
    // Were it read, every request would be answered by this handler.
    const trap = `<clickhouse><users_config>users.xml</users_config><http_handlers><rule><handler>
      <type>static</type><response_content>trapped</response_content></handler></rule></http_handlers></clickhouse>`;
    const users = '<clickhouse><users></users></clickhouse>';
    for (const [name, text] of [
      ['config.xml', trap],
      ['config.yaml', 'http_handlers: {}'],
      ['users.xml', users],
    ] as const) {
      writeFileSync(path.join(workspace, name), text);
    }
    const engine = await start({ workingDirectory: workspace });
    assert.equal((await ask(engine.endpoint, 'SELECT currentUser()')).text, 'rowhouse\n');
    const listed = await ask(
      engine.endpoint,
      `SELECT count() FROM file('users.xml', 'LineAsString')`,
    );
    assert.equal(listed.text, '1\n', 'relative paths resolve against the working directory');
  });

  it('gives up a start that is called off', async () => {
    const abort = new AbortController();
    const starting = start({ signal: abort.signal });
    abort.abort();
    await assert.rejects(starting, (error: unknown) => {
      assert.ok(isEngineError(error));
      assert.equal(error.kind, 'engineStartCancelled');
      return true;
    });
  });

  it('says what the child said when it cannot start', async () => {
    const program = await testProgram();
    const broken = { ...program, path: path.join(root, 'missing.so') };
    await assert.rejects(start({ program: broken }), (error: unknown) => {
      assert.ok(isEngineError(error));
      assert.equal(error.kind, 'engineStartFailed');
      assert.match(error.message, /missing\.so/);
      return true;
    });
  });

  it('says why the child could not be started at all', async () => {
    const workingDirectory = path.join(root, 'gone');
    await assert.rejects(start({ workingDirectory }), (error: unknown) => {
      assert.ok(isEngineError(error));
      assert.equal(error.kind, 'engineStartFailed');
      assert.match(error.message, /spawn .* ENOENT/);
      assert.ok(error.message.includes(workingDirectory));
      return true;
    });
  });
});
