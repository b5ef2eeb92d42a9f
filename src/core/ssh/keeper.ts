// Runs a program for a parent and ends it with the parent, also when that is killed: then the pipe to it ends.
//   node keeper.cjs program argument…
import { spawn } from 'node:child_process';

const KILL_AFTER_MS = 1_000;
const [program = '', ...programArguments] = process.argv.slice(2);

const environment = { ...process.env };
delete environment['ELECTRON_RUN_AS_NODE'];
const child = spawn(program, programArguments, {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: environment,
  windowsHide: true,
});
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.once('exit', (code) => {
  process.exit(code ?? 1);
});

function end(): void {
  child.kill();
  setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
}
process.stdin.on('end', end).on('error', end).resume();
process.on('SIGTERM', end);
