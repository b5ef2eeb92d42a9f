import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChildJob } from './child.ts';
import {
  type EngineSecrets,
  TOKEN_HEADER,
  engineArguments,
  serverConfigXml,
  usersConfigXml,
} from './config.ts';
import { EngineError } from './errors.ts';
import type { EngineProgram } from './locate.ts';
import { type EngineEndpoint, answers, freePort } from './probe.ts';

export interface StartOptions {
  program: EngineProgram;
  /** The built `child` program. */
  childScript: string;
  /**
   * Where tables live. It belongs to one process at a time. Without it the engine gets a temporary
   * directory that is removed at its end.
   */
  dataDirectory?: string;
  /** Relative paths in `file('x.parquet')` resolve against this folder. Default: the data directory. */
  workingDirectory?: string;
  /** Listen on this port instead of a free one. */
  port?: number;
  /** Default 20,000 ms. A cold disk has to read a library of 566 MB. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface EngineExit {
  /** Last lines the child wrote to its standard error. */
  output: string;
  /** False when `stop()` asked for it. */
  unexpected: boolean;
}

/** A running ClickHouse in a child process. The one who started it owns it and must `stop()` it. */
export interface Engine {
  readonly endpoint: EngineEndpoint;
  readonly pid: number;
  /** Settles when the child is gone. */
  readonly exited: Promise<EngineExit>;
  /** Ends the child at once; tables of a named data directory stay. Idempotent. */
  stop(): Promise<void>;
}

const CONFIG_PREFIX = 'config-';
const OUTPUT_LIMIT = 16 * 1024;
const PORT_TRIES = 5;

interface Places {
  dataDirectory: string;
  configDirectory: string;
  cleanUp: string[];
}

async function preparePlaces(dataDirectory: string | undefined): Promise<Places> {
  if (dataDirectory === undefined) {
    const root = await mkdtemp(path.join(os.tmpdir(), 'rowhouse-engine-'));
    const places = {
      dataDirectory: path.join(root, 'data'),
      configDirectory: path.join(root, 'config'),
    };
    await mkdir(places.dataDirectory);
    await mkdir(places.configDirectory, { mode: 0o700 });
    return { ...places, cleanUp: [root] };
  }
  await mkdir(dataDirectory, { recursive: true });
  const configDirectory = await mkdtemp(path.join(path.dirname(dataDirectory), CONFIG_PREFIX));
  await chmod(configDirectory, 0o700);
  return { dataDirectory, configDirectory, cleanUp: [configDirectory] };
}

async function writeConfig(places: Places, secrets: EngineSecrets): Promise<string> {
  const configFile = path.join(places.configDirectory, 'config.xml');
  const usersFile = path.join(places.configDirectory, 'users.xml');
  const { dataDirectory } = places;
  await writeFile(usersFile, usersConfigXml(secrets), { mode: 0o600 });
  await writeFile(configFile, serverConfigXml({ secrets, usersFile, dataDirectory }), {
    mode: 0o600,
  });
  return configFile;
}

/** Removes what killed engines left. Only the one that holds the directory's lock may do this. */
async function removeOldConfigs(places: Places): Promise<void> {
  const parent = path.dirname(places.configDirectory);
  const own = path.basename(places.configDirectory);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(CONFIG_PREFIX) || name === own) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

function spawnChild(options: StartOptions, job: ChildJob, cwd: string): ChildProcess {
  return spawn(process.execPath, [options.childScript, JSON.stringify(job)], {
    cwd,
    stdio: ['pipe', 'ignore', 'pipe'],
    // In VS Code the executable is Electron, which runs as plain Node with this variable.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    windowsHide: true,
  });
}

function collectOutput(child: ChildProcess, cwd: string): () => string {
  let output = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    output = (output + text).slice(-OUTPUT_LIMIT);
  });
  // Without its working folder or the right to execute there is no child that could say anything. The
  // system's error is the same for a missing folder and a missing program, so both are named.
  child.once('error', (error) => {
    output = `${output}\n${error.message} (in the folder ${cwd})`.slice(-OUTPUT_LIMIT);
  });
  return () => output.trim();
}

const isPortClash = (output: string): boolean => /address already in use/i.test(output);

const isInUse = (output: string): boolean => /Cannot lock file/i.test(output);

function startFailure(output: string, dataDirectory: string): EngineError {
  if (isInUse(output)) {
    return new EngineError(
      'engineDataInUse',
      `The data directory of the local ClickHouse is in use by another process: ${dataDirectory}`,
      'Another window has this folder open. Use that window, or close it and run the query again.',
    );
  }
  return new EngineError(
    'engineStartFailed',
    `The local ClickHouse ended while starting. ${output === '' ? 'It gave no reason.' : output}`,
    'Try again. If it keeps failing, install it anew with "Install Local ClickHouse" or add a server.',
  );
}

class RunningEngine implements Engine {
  readonly endpoint: EngineEndpoint;
  readonly exited: Promise<EngineExit>;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #output: () => string;
  #stopping = false;

  constructor(child: ChildProcess, endpoint: EngineEndpoint, places: Places, cwd: string) {
    this.#child = child;
    this.endpoint = endpoint;
    this.pid = child.pid ?? 0;
    this.#output = collectOutput(child, cwd);
    this.exited = new Promise((resolve) => {
      const gone = (): void => {
        void Promise.all(
          places.cleanUp.map((folder) => rm(folder, { recursive: true, force: true })),
        )
          .catch(() => undefined)
          .then(() => {
            resolve(this.#exit());
          });
      };
      child.once('close', gone);
      child.once('error', gone);
    });
  }

  /** How it will end, once it has said that it cannot start. It takes seconds more to end by itself, or hangs. */
  get doomed(): EngineExit | undefined {
    return isInUse(this.#output()) ? this.#exit() : undefined;
  }

  #exit(): EngineExit {
    return { output: this.#output(), unexpected: !this.#stopping };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // The child ends itself when its standard input ends, and removes what it must; a stuck one is killed.
    this.#child.stdin?.end();
    const stuck = setTimeout(() => this.#child.kill('SIGKILL'), 2_000);
    await this.exited;
    clearTimeout(stuck);
  }
}

/** Polls until the engine answers, its child ends, the time is over or the start is called off. */
async function waitUntilReady(
  engine: RunningEngine,
  options: StartOptions,
): Promise<'ready' | 'timeout' | 'cancelled' | EngineExit> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000);
  let ended: EngineExit | undefined;
  void engine.exited.then((value) => (ended = value));
  while (Date.now() < deadline) {
    if (await answers(engine.endpoint, 1_000)) return 'ready';
    const exit = ended ?? engine.doomed;
    if (exit) return exit;
    if (options.signal?.aborted) return 'cancelled';
    await delay(20);
  }
  return 'timeout';
}

function newSecrets(): EngineSecrets {
  const random = (): string => randomBytes(24).toString('hex');
  return { username: 'rowhouse', password: random(), token: random() };
}

async function tryStart(options: StartOptions): Promise<Engine | 'portClash'> {
  const port = options.port ?? (await freePort());
  const places = await preparePlaces(options.dataDirectory);
  const secrets = newSecrets();
  const configFile = await writeConfig(places, secrets);
  const { dataDirectory, cleanUp } = places;
  const args = engineArguments({ configFile, dataDirectory, port });
  const job: ChildJob = { program: options.program, args, cleanUp };
  const cwd = options.workingDirectory ?? dataDirectory;
  const child = spawnChild(options, job, cwd);
  const endpoint: EngineEndpoint = {
    url: `http://127.0.0.1:${String(port)}`,
    username: secrets.username,
    password: secrets.password,
    headers: { [TOKEN_HEADER]: secrets.token },
  };
  const engine = new RunningEngine(child, endpoint, places, cwd);
  const state = await waitUntilReady(engine, options);
  if (state === 'ready') {
    if (options.dataDirectory !== undefined) await removeOldConfigs(places);
    return engine;
  }
  await engine.stop();
  if (state === 'cancelled') {
    throw new EngineError(
      'engineStartCancelled',
      'Starting the local ClickHouse was cancelled.',
      '',
    );
  }
  if (state === 'timeout') {
    throw new EngineError(
      'engineStartTimeout',
      'The local ClickHouse did not answer in time.',
      'Try again; the first start on a slow disk can take longer.',
    );
  }
  if (isPortClash(state.output) && options.port === undefined) return 'portClash';
  throw startFailure(state.output, dataDirectory);
}

/**
 * Starts a ClickHouse HTTP server in a child process, bound to 127.0.0.1, with new random secrets.
 * @throws EngineError when the data directory is in use, the child ends early or does not answer in time.
 */
export async function startEngine(options: StartOptions): Promise<Engine> {
  for (let attempt = 1; attempt <= PORT_TRIES; attempt++) {
    const engine = await tryStart(options);
    if (engine !== 'portClash') return engine;
  }
  throw new EngineError(
    'engineStartFailed',
    'The local ClickHouse found no free port: others took each one it chose.',
    'Try again.',
  );
}
