import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';

describe('the process that uses the client', () => {
  // A new process: here another test may have used `fetch` before.
  function run(script: string): string {
    const args = ['--input-type=module', '-e', script];
    return execFileSync(process.execPath, args, { encoding: 'utf8' });
  }
  const client = new URL('../../../src/core/client/index.ts', import.meta.url).href;
  const dispatcher = `globalThis[Symbol.for('undici.globalDispatcher.1')]`;
  const server = `const { createServer } = await import('node:http');
    const server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = 'http://127.0.0.1:' + server.address().port;`;

  it('keeps the fetch of its own Node', () => {
    const printed = run(`await import('${client}');
      console.log(${dispatcher});
      ${server}
      console.log(await (await fetch(url)).text(), typeof ${dispatcher}.dispatch);
      process.exit();`);
    assert.equal(printed, 'undefined\nhello function\n');
  });

  it('keeps the dispatcher that was there before', () => {
    const printed = run(`${server}
      await fetch(url);
      const before = ${dispatcher};
      await import('${client}');
      console.log(${dispatcher} === before, await (await fetch(url)).text());
      process.exit();`);
    assert.equal(printed, 'true hello\n');
  });
});
