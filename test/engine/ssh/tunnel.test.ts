import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, createPool, isConnectError } from '../../../src/core/client/index.ts';
import { SshTunnel } from '../../../src/core/ssh/sshTunnel.ts';
import type { SshTarget } from '../../../src/core/ssh/sshTarget.ts';
import { until } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import { type FakeSsh, isRunning, makeFakeSsh } from './fakeSsh.ts';

const keeperScript = fileURLToPath(new URL('../../../src/core/ssh/keeper.ts', import.meta.url));

describe('an SSH tunnel', () => {
  const engine = useEngine();
  const { PATH } = process.env;
  const tunnels: SshTunnel[] = [];
  let ssh: FakeSsh;

  beforeEach(async () => {
    ssh = await makeFakeSsh();
    process.env['PATH'] = `${ssh.folder}${path.delimiter}${PATH ?? ''}`;
  });

  afterEach(async () => {
    process.env['PATH'] = PATH;
    for (const tunnel of tunnels.splice(0)) tunnel.close();
    const calls = await ssh.calls();
    await until(() => calls.every(({ pid }) => !isRunning(pid)));
    await ssh.remove();
  });

  function tunnelTo(url: string, target: SshTarget = { host: 'bastion' }): SshTunnel {
    const { hostname, port } = new URL(url);
    const tunnel = new SshTunnel({ target, host: hostname, port: Number(port), keeperScript });
    tunnels.push(tunnel);
    return tunnel;
  }

  it('starts with the first statement, carries all of them, and ends when it is closed', async () => {
    const { url } = engine();
    const target = { host: 'bastion', user: 'ada', port: 2222, identityFile: '~/keys/id' };
    const tunnel = tunnelTo(url, target);
    // A name that only the SSH server could look up.
    const pool = createPool();
    const { port } = new URL(url);
    const inside = `http://clickhouse.inside:${port}`;
    const client = createClient({ ...engine(), url: inside, tunnel, pool });
    assert.deepEqual(await ssh.calls(), []);
    const answers = await Promise.all(
      [1, 2, 3].map((n) => client.rawQuery(`SELECT ${n}, getServerPort('http_port') > 0`)),
    );
    assert.deepEqual(
      answers.map((answer) => answer.text()),
      ['1\t1\n', '2\t1\n', '3\t1\n'],
    );
    // More connections at once than there are open ones.
    await Promise.all([4, 5, 6, 7].map((n) => client.rawQuery(`SELECT sleep(0.1), ${n}`)));
    const [call, ...others] = await ssh.calls();
    assert.ok(call);
    assert.deepEqual(others, []);
    assert.equal(call.cwd, homedir());
    const forward = call.words[call.words.indexOf('-L') + 1] ?? '';
    assert.match(forward, new RegExp(`^127\\.0\\.0\\.1:\\d+:127\\.0\\.0\\.1:${port}$`));
    const options = call.words.filter((_, at) => call.words[at - 1] === '-o');
    for (const option of ['BatchMode=yes', 'ExitOnForwardFailure=yes', 'ControlPath=none']) {
      assert.ok(options.includes(option), option);
    }
    const tail = [
      '-p',
      '2222',
      '-l',
      'ada',
      '-i',
      path.join(homedir(), 'keys/id'),
      '--',
      'bastion',
    ];
    assert.deepEqual(call.words.slice(-tail.length), tail);
    tunnel.close();
    await until(() => !isRunning(call.pid));
    await assert.rejects(client.rawQuery('SELECT 1'), isConnectError);
    await client.close();
    await pool.close();
  });

  it('that was lost is started anew by the next statement', async () => {
    const { url } = engine();
    const pool = createPool();
    const client = createClient({ ...engine(), url, tunnel: tunnelTo(url), pool });
    await client.rawQuery('SELECT 1');
    const [first] = await ssh.calls();
    assert.ok(first);
    process.kill(first.pid, 'SIGKILL');
    await until(() => !isRunning(first.pid));
    assert.equal((await client.rawQuery('SELECT 2')).text(), '2\n');
    assert.equal((await ssh.calls()).length, 2);
    await client.close();
    await pool.close();
  });

  it('ends with its parent, even when that is killed', async () => {
    const { url } = engine();
    const { hostname, port } = new URL(url);
    const options = {
      target: { host: 'bastion' },
      host: hostname,
      port: Number(port),
      keeperScript,
    };
    const module = new URL('../../../src/core/ssh/sshTunnel.ts', import.meta.url).href;
    const source = `import { SshTunnel } from '${module}';
      await new SshTunnel(${JSON.stringify(options)}).open();
      console.log('open');
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const [call] = await ssh.calls();
    assert.ok(call && isRunning(call.pid));
    parent.kill('SIGKILL');
    await until(() => !isRunning(call.pid));
  });

  it('says when the SSH server does not reach the database', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const url = `http://127.0.0.1:${port}`;
    const pool = createPool();
    const client = createClient({ url, tunnel: tunnelTo(url), pool });
    await assert.rejects(client.rawQuery('SELECT 1'), (error) => {
      assert.ok(isConnectError(error), String(error));
      assert.match(error.message, /The SSH server does not reach .*: Connection refused\./);
      return true;
    });
    await client.close();
    await pool.close();
  });

  const refusals: [string, RegExp, RegExp][] = [
    ['Host key verification failed.', /host key is not known/, /Run "ssh bastion" in a terminal/],
    ['@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @', /has changed/, /ask its owner/],
    ['ada@bastion: Permission denied (publickey).', /does not let/, /ssh-agent/],
    ['ssh: Could not resolve hostname bastion', /name was not found/, /ssh config/],
    ['ssh: connect to host bastion port 22: Connection refused', /Connection refused/, /Try "ssh/],
    ['', /ended without a word/, /Try "ssh bastion"/],
  ];
  for (const [says, message, hint] of refusals) {
    it(`tells what ssh said, and what to do: ${says}`, async () => {
      await ssh.behave({ says: says === '' ? ' ' : says });
      await assert.rejects(tunnelTo(engine().url).open(), (error) => {
        assert.ok(isConnectError(error), String(error));
        assert.match(error.message, message);
        assert.match(error.hint ?? '', hint);
        return true;
      });
      assert.equal((await ssh.calls()).length, 1, 'It was tried again.');
    });
  }

  it('needs the program ssh', async () => {
    process.env['PATH'] = '/nowhere';
    await assert.rejects(tunnelTo(engine().url).open(), /The program ssh was not found/);
  });
});
