/**
 * `npm run bench [-- name [arguments]]`: runs one measurement, by default `save`. Each runs in a process
 * of its own, so that peak memory is its own.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BENCHES = {
  save: './save.ts',
  saveMemory: './saveMemory.ts',
  client: './client.ts',
  insert: './insert.ts',
  results: './results.ts',
  activation: './activation.ts',
} as const;

const [name = 'save', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(BENCHES, name)) {
  console.error(`No bench "${name}". There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}
const script = fileURLToPath(new URL(BENCHES[name as keyof typeof BENCHES], import.meta.url));
const child = spawn(process.execPath, [script, ...rest], { stdio: 'inherit' });
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
