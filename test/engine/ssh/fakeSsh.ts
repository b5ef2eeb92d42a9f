import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The fake program forwards for real, ends with these words of OpenSSH, or never gets an answer. */
export interface SshBehaviour {
  readonly says?: string;
  readonly hangs?: boolean;
}

/** Forwards as `ssh -L` does, with a plain TCP connection in place of the encrypted one. */
const PROGRAM = `
const { createServer, connect } = require('node:net');
const { appendFileSync, readFileSync } = require('node:fs');
const folder = __dirname;
const words = process.argv.slice(2);
appendFileSync(folder + '/calls', JSON.stringify({ pid: process.pid, words, cwd: process.cwd() }) + '\\n');
const { says, hangs } = JSON.parse(readFileSync(folder + '/behaviour', 'utf8'));
if (says) {
  process.stderr.write(says + '\\n');
  process.exit(255);
}
if (hangs) setInterval(() => {}, 1000);
else forward();
function forward() {
const [, address, port, host, target] = /^([\\d.]+):(\\d+):(.+):(\\d+)$/.exec(words[words.indexOf('-L') + 1]);
createServer((socket) => {
  socket.on('error', () => {});
  const far = connect(Number(target), host.replace(/^\\[|\\]$/g, ''));
  far.on('error', (error) => {
    process.stderr.write('channel 2: open failed: connect failed: ' + (error.code === 'ECONNREFUSED' ? 'Connection refused' : error.code) + '\\n');
    socket.destroy();
  });
  socket.pipe(far).pipe(socket);
  socket.on('close', () => far.destroy());
}).listen(Number(port), address);
}
`;

export interface FakeSsh {
  /** Put first in PATH. */
  readonly folder: string;
  behave(behaviour: SshBehaviour): Promise<void>;
  /** Of each start, in order. */
  calls(): Promise<{ pid: number; words: string[]; cwd: string }[]>;
  remove(): Promise<void>;
}

/** A program `ssh` that a test puts in the PATH. */
export async function makeFakeSsh(): Promise<FakeSsh> {
  const folder = await mkdtemp(path.join(tmpdir(), 'rowhouse-ssh-'));
  const program = path.join(folder, 'ssh');
  await writeFile(path.join(folder, 'program.cjs'), PROGRAM);
  // A link to Node alone would not start the program.
  const start = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec "${process.execPath}" "${folder}/program.cjs" "$@"\n`;
  await writeFile(program, start);
  await chmod(program, 0o755);
  const behave = (behaviour: SshBehaviour): Promise<void> =>
    writeFile(path.join(folder, 'behaviour'), JSON.stringify(behaviour));
  await behave({});
  return {
    folder,
    behave,
    calls: async () => {
      const text = await readFile(path.join(folder, 'calls'), 'utf8').catch(() => '');
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { pid: number; words: string[]; cwd: string });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** True while a process of this id runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
