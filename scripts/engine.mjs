// A local ClickHouse for tests and scripts: `npm run --silent engine [-- --port N] [--data FOLDER]`.
// Prints one line of JSON, {url, username, password, headers}, and runs until its input ends.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { onModernNode } from './lib/with-node.mjs';
import { root } from './lib/paths.mjs';
import { setupDependencies } from './setup.mjs';

await onModernNode(import.meta.url);

async function main() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, data: { type: 'string' } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port takes a number from 1 to 65535, not ${values.port}`);
  }
  await setupDependencies();
  const [{ startEngine }, { locateEngine }] = await Promise.all([
    import('../src/core/engine/engine.ts'),
    import('../src/core/engine/locate.ts'),
  ]);
  const found = await locateEngine({
    settingPath: process.env.ROWHOUSE_ENGINE_PATH ?? '',
    searchPath: process.env.PATH ?? '',
    bundledRoot: root,
    installedRoot: root,
  });
  if (found === undefined) throw new Error('There is no local ClickHouse for this system.');
  const engine = await startEngine({
    program: found.program,
    childScript: fileURLToPath(new URL('../src/core/engine/child.ts', import.meta.url)),
    workingDirectory: process.cwd(),
    ...(port === undefined ? {} : { port }),
    ...(values.data === undefined ? {} : { dataDirectory: values.data }),
  });
  const { url, username, password, headers } = engine.endpoint;
  console.log(JSON.stringify({ url, username, password, headers }));
  process.stdin.resume();
  const stopped = new Promise((resolve) => {
    for (const end of ['end', 'close', 'error']) process.stdin.once(end, resolve);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const exit = await Promise.race([stopped, engine.exited]);
  if (exit?.unexpected === true) throw new Error(`ClickHouse ended: ${exit.output}`);
  await engine.stop();
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
