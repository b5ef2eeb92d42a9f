import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vscodeHost } from '../../../scripts/lib/paths.mjs';
import { until } from './until.ts';

/** Keeps everything away that would steal the focus, move the layout or ask a question. */
const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A window that is not trusted, and asks nothing about it. */
const UNTRUSTED_SETTINGS = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

export interface ServerOptions {
  /** Unpacked extensions, found as if they were installed. */
  readonly extensions?: readonly string[];
  /** VSIX files, installed before the start. */
  readonly vsix?: readonly string[];
  /** Files of the workspace: relative name to content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Files linked into the workspace: relative name to an absolute path. */
  readonly links?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Adds to the server's folder before its start; the user's data are in `data/User`. */
  readonly prepare?: (folder: string) => void;
  readonly env?: Readonly<Record<string, string>>;
  /** False: the workspace is not trusted. Default true. */
  readonly trusted?: boolean;
  /**
   * Needed for `extensionDevelopmentPath` and `extensionTestsPath`. The price: toasts are never
   * shown. Modal questions are refused as soon as tests run in the extension host.
   */
  readonly smokeTestDriver?: boolean;
}

export interface OpenOptions {
  readonly developmentPath?: string;
  readonly testsPath?: string;
}

/** A VS Code server with its own data, extensions and workspace in a temporary folder. */
export class VscodeServer {
  readonly folder: string;
  readonly workspace: string;
  readonly log: string;
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #killAtExit: () => void;

  private constructor(folder: string, port: number, child: ChildProcess, killAtExit: () => void) {
    this.folder = folder;
    this.workspace = join(folder, 'workspace');
    this.log = join(folder, 'server.log');
    this.port = port;
    this.#process = child;
    this.#killAtExit = killAtExit;
  }

  static async start(options: ServerOptions): Promise<VscodeServer> {
    const folder = mkdtempSync(join(tmpdir(), 'rowhouse-vscode-'));
    prepare(folder, options);
    // As started from a shell: else the PATH of a login shell takes the place of the one given here.
    const env = { ...process.env, EXTENSIONS_GALLERY: '{}', VSCODE_CLI: '1', ...options.env };
    for (const file of options.vsix ?? []) await installVsix(folder, file, env);
    const args = [
      ...serverArguments(folder),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
      ...(options.smokeTestDriver === true ? ['--enable-smoke-test-driver'] : []),
    ];
    // Its own process group: an extension host killed in mid-handshake outlives its server.
    const child = spawn(process.execPath, args, { env, detached: true });
    const killAtExit = (): void => {
      killGroup(child, 'SIGKILL');
    };
    process.once('exit', killAtExit);
    const port = await listeningPort(child, join(folder, 'server.log'));
    return new VscodeServer(folder, port, child, killAtExit);
  }

  /** The address of the workbench on the workspace folder. */
  url({ developmentPath, testsPath }: OpenOptions = {}): string {
    const remote = (path: string): string => `vscode-remote://127.0.0.1:${this.port}${path}`;
    const payload = [
      ['skipWelcome', 'true'],
      ['skipReleaseNotes', 'true'],
      ...(developmentPath === undefined
        ? []
        : [['extensionDevelopmentPath', remote(developmentPath)]]),
      ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
    ];
    const query = new URLSearchParams({
      folder: this.workspace,
      payload: JSON.stringify(payload),
    });
    return `http://127.0.0.1:${this.port}/?${query.toString()}`;
  }

  /** Process ids of the extension hosts that this server ever launched. */
  extensionHosts(): number[] {
    const log = readFileSync(this.log, 'utf8');
    return [...log.matchAll(/<(\d+)> Launched Extension Host/g)].map((match) => Number(match[1]));
  }

  /** The last lines that the extension logged in each window. */
  lastLogged(lines: number): string {
    const logs = join(this.folder, 'data/logs');
    if (!existsSync(logs)) return '';
    return readdirSync(logs, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('Rowhouse.log'))
      .sort()
      .map((name) => readFileSync(join(logs, name), 'utf8').split('\n').slice(-lines).join('\n'))
      .join('\n');
  }

  /** Ends the server and all that it started, and removes its folder. The page must have left. */
  async stop({ keepFolder = false } = {}): Promise<void> {
    await until(() => !this.extensionHosts().some(isAlive), 6_000).catch(() => undefined);
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    killGroup(this.#process, 'SIGTERM');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1_000))]);
    killGroup(this.#process, 'SIGKILL');
    process.off('exit', this.#killAtExit);
    if (!keepFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function prepare(folder: string, options: ServerOptions): void {
  const at = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  mkdirSync(join(folder, 'workspace'));
  for (const [name, content] of Object.entries(options.files ?? {})) {
    writeFileSync(at(`workspace/${name}`), content);
  }
  for (const [name, target] of Object.entries(options.links ?? {})) {
    symlinkSync(target, at(`workspace/${name}`));
  }
  const trust = options.trusted === false ? UNTRUSTED_SETTINGS : {};
  const settings = { ...QUIET_SETTINGS, ...trust, ...options.settings };
  writeFileSync(at('data/User/settings.json'), JSON.stringify(settings));
  mkdirSync(join(folder, 'extensions'));
  for (const extension of options.extensions ?? []) {
    const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Record<
      'publisher' | 'name' | 'version',
      string
    >;
    const name = `${manifest.publisher}.${manifest.name}-${manifest.version}`;
    symlinkSync(extension, join(folder, 'extensions', name));
  }
  options.prepare?.(folder);
}

function serverArguments(folder: string): string[] {
  const program = join(vscodeHost, 'out/server-main.js');
  if (!existsSync(program)) throw new Error('VS Code is not set up: run "node scripts/setup.mjs"');
  return [
    program,
    ...['--server-data-dir', folder],
    ...['--user-data-dir', join(folder, 'data')],
    ...['--extensions-dir', join(folder, 'extensions')],
  ];
}

function installVsix(folder: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [...serverArguments(folder), '--install-extension', file];
    const child = spawn(process.execPath, args, { env });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`VS Code did not install ${file}:\n${output}`));
    });
  });
}

function listeningPort(child: ChildProcess, log: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (data: Buffer): void => {
      appendFileSync(log, data);
      output += data.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', onData);
    child.stderr?.on('data', onData);
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The VS Code server ended with ${code ?? 'a signal'}:\n${output}`));
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}
