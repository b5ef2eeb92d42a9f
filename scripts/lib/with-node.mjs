import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { modernNode } from '../setup-node.mjs';

/**
 * Runs the calling script again on a Node that is new enough, and ends with its exit code.
 * Returns only in a process that already runs on such a Node. Call it first: `await onModernNode(import.meta.url)`.
 */
export async function onModernNode(script) {
  const node = await modernNode();
  if (node === process.execPath) return;
  const child = spawn(node, [fileURLToPath(script), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) => {
    child.once('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)));
  });
  process.exit(code);
}
