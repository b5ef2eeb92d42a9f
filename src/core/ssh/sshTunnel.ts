import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Tunnel } from '../client/connectionSurface.ts';
import { freePort } from '../engine/probe.ts';
import { isPortTaken, noSshError, sshError, sshTimeout } from './sshErrors.ts';
import { type SshTarget, type TunnelWay, sshArguments, tunnelName } from './sshTarget.ts';

const START_WITHIN_MS = 20_000;
const POLL_MS = 50;
const PROBLEM_IS_NEWS_MS = 5_000;
const OUTPUT_LIMIT = 8 * 1024;
const PORT_TRIES = 3;
/** The keeper's exit code for a program that is not there. */
const NOT_FOUND = 127;
const LOOPBACK = '127.0.0.1';

export interface TunnelOptions extends TunnelWay {
  /** The built `keeper` program. */
  readonly keeperScript: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly port: number;
}

let made = 0;

/**
 * A tunnel made by the system's `ssh`: started at the first need, and anew when it ended. Whoever makes it closes it;
 * it ends with this process too.
 */
export class SshTunnel implements Tunnel {
  readonly name: string;
  readonly #options: TunnelOptions;
  #starting: Promise<Running> | undefined;
  #running: Running | undefined;
  #closed = false;
  #problem: { readonly text: string; readonly at: number } | undefined;

  constructor(options: TunnelOptions) {
    this.#options = options;
    made += 1;
    // Connections are shared by this name, and those of a closed tunnel are of no use to its successor.
    this.name = `${tunnelName(options)} (${made})`;
  }

  /** True while ssh runs. */
  get isOpen(): boolean {
    return this.#running !== undefined;
  }

  /** @throws ConnectError with what ssh said, and what to do. */
  async open(): Promise<{ host: string; port: number }> {
    if (this.#running) return { host: LOOPBACK, port: this.#running.port };
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined;
    });
    const { port } = await this.#starting;
    return { host: LOOPBACK, port };
  }

  /** What the SSH server said of its way to the server, for a moment. */
  problem(): string | undefined {
    const { text, at } = this.#problem ?? { text: undefined, at: 0 };
    return Date.now() - at < PROBLEM_IS_NEWS_MS ? text : undefined;
  }

  /** Ends ssh and with it all connections through it. Later calls of `open` fail. */
  close(): void {
    this.#closed = true;
    if (this.#running) end(this.#running.child);
    this.#running = undefined;
  }

  async #start(): Promise<Running> {
    for (let tries = 1; ; tries += 1) {
      if (this.#closed) throw closedError(this.#options.target);
      const port = await freePort();
      const output = await this.#startOn(port);
      if (typeof output !== 'string') return output;
      if (tries === PORT_TRIES || !isPortTaken(output, port)) {
        throw sshError(this.#options.target, output);
      }
    }
  }

  /** The running ssh, or what it said when it ended at once. */
  async #startOn(port: number): Promise<Running | string> {
    const { target, host, port: remotePort, keeperScript } = this.#options;
    const sshWords = sshArguments(target, { localPort: port, host, port: remotePort });
    const child = spawn(process.execPath, [keeperScript, 'ssh', ...sshWords], {
      // A program named ssh in the folder of a workspace must not be found.
      cwd: homedir(),
      stdio: ['pipe', 'ignore', 'pipe'],
      // In VS Code the executable is Electron, which runs as plain Node with this variable.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
      windowsHide: true,
    });
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
      const failed = /open failed: (?:connect failed: )?(.*)/.exec(text)?.[1]?.trim();
      if (failed !== undefined) this.#problem = { text: failed, at: Date.now() };
    });
    child.stdin.on('error', () => undefined);
    const ended = new Promise<number | null>((resolve) => {
      child.once('error', () => {
        resolve(null);
      });
      // Once all it said was read.
      child.once('close', resolve);
    });
    let exit: { code: number | null } | undefined;
    void ended.then((code) => {
      exit = { code };
      if (this.#running?.child === child) this.#running = undefined;
    });
    const deadline = Date.now() + START_WITHIN_MS;
    while (!(await isListening(port))) {
      if (exit) {
        if (exit.code === NOT_FOUND) throw noSshError(output);
        return output;
      }
      if (Date.now() > deadline || this.#closed) {
        end(child);
        throw this.#closed ? closedError(target) : sshTimeout(target, START_WITHIN_MS / 1_000);
      }
      await Promise.race([ended, delay(POLL_MS)]);
    }
    // With the port taken by somebody else, ssh ends by itself: what listens is not ours then.
    await Promise.race([ended, delay(POLL_MS)]);
    if (exit) return output;
    if (this.#closed) {
      end(child);
      throw closedError(target);
    }
    this.#running = { child, port };
    return this.#running;
  }
}

function closedError(target: SshTarget): Error {
  return sshError(target, 'the connection was closed');
}

/** The keeper ends ssh when its standard input ends. */
function end(child: ChildProcess): void {
  child.stdin?.end();
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
