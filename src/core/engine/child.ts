/**
 * The program of the engine's child process: `node child.cjs <job as JSON>`.
 *
 * A library's call blocks for the server's whole life, so it runs in a worker thread, while this thread
 * watches standard input: its end means that the parent is gone, however it died. Then the process kills
 * itself, so that no orphan stays. `process.exit()` would wait for the blocked worker, and the library
 * replaces Node's own SIGTERM handler; SIGKILL always works, and MergeTree tables survive it.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker, isMainThread, workerData } from 'node:worker_threads';
import type * as FfiRs from 'ffi-rs';
import type { EngineProgram } from './locate.ts';

/** What the parent asks for. Carries no secret: they are in the files that the arguments name. */
export interface ChildJob {
  program: EngineProgram;
  args: string[];
  /** Directories to remove at the end, whatever the end is. */
  cleanUp: string[];
}

function readJob(text: string | undefined): ChildJob {
  if (text === undefined) throw new Error('The engine process needs its job as an argument.');
  return JSON.parse(text) as ChildJob;
}

function runLibrary(job: ChildJob): void {
  if (job.program.kind !== 'library') return;
  const ffi = createRequire(job.program.ffi)(job.program.ffi) as typeof FfiRs;
  const argv = ['clickhouse', ...job.args];
  ffi.open({ library: 'chdb', path: job.program.path });
  ffi.load({
    library: 'chdb',
    funcName: 'chdb_query_cmdline',
    retType: ffi.DataType.External,
    paramsType: [ffi.DataType.I32, ffi.DataType.StringArray],
    paramsValue: [argv.length, argv],
  });
}

function superviseSelf(job: ChildJob): void {
  let stopProgram = (): void => undefined;
  const end = (): void => {
    stopProgram();
    for (const directory of job.cleanUp) rmSync(directory, { recursive: true, force: true });
    process.kill(process.pid, 'SIGKILL');
  };
  process.stdin.on('end', end).on('close', end).resume();

  if (job.program.kind === 'binary') {
    const child = spawn(job.program.path, ['local', ...job.args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    stopProgram = () => child.kill('SIGKILL');
    child.on('error', (error) => {
      process.stderr.write(`${error.message}\n`, end);
    });
    child.on('exit', end);
    return;
  }
  const worker = new Worker(process.argv[1] ?? '', { workerData: job });
  worker.on('error', (error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, end);
  });
  worker.on('exit', end);
}

if (isMainThread) superviseSelf(readJob(process.argv[2]));
else runLibrary(workerData as ChildJob);
