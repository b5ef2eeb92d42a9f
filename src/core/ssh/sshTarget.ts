import { homedir } from 'node:os';
import path from 'node:path';

/** An SSH server, as the system's `ssh` knows it; what is missing comes from the user's ssh config. */
export interface SshTarget {
  /** Name or address, or an alias of the ssh config. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /** Absolute, or below `~`. */
  readonly identityFile?: string;
}

/** Where a tunnel begins on this machine, and where it leads, as seen from the SSH server. */
export interface Forward {
  readonly localPort: number;
  readonly host: string;
  readonly port: number;
}

const HOST = /^[\w.%:[\]][\w.%:[\]-]*$/;
const USER = /^[\w.+\\@][\w.+\\@-]*$/;

/** What is wrong with a target, or undefined. Nothing that passes can be taken for an option or a command. */
export function checkSshTarget({ host, user, port, identityFile }: SshTarget): string | undefined {
  const [name = '', at] = host.split('@').reverse();
  if (!HOST.test(name) || (at !== undefined && !USER.test(at)) || host.split('@').length > 2) {
    return '"ssh" must be a host of your ssh config, host, or user@host.';
  }
  if (user !== undefined && !USER.test(user)) return '"ssh.user" is no name of a user.';
  if (user !== undefined && at !== undefined) return '"ssh" names the user twice.';
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    return '"ssh.port" must be a number from 1 to 65535.';
  }
  if (identityFile !== undefined && !/^(~[/\\]|[/\\]|[a-z]:[/\\])/i.test(identityFile)) {
    return '"ssh.identityFile" must be an absolute path, or start with ~/.';
  }
  return undefined;
}

/** As it is typed in a terminal. */
export function sshCommand({ host, user, port, identityFile }: SshTarget): string {
  return [
    'ssh',
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(identityFile === undefined ? [] : ['-i', identityFile]),
    user === undefined ? host : `${user}@${host}`,
  ].join(' ');
}

/** Arguments for `ssh`: one forwarding, no command, no questions, and an end when the way is lost. */
export function sshArguments(target: SshTarget, forward: Forward): string[] {
  const { host, user, port, identityFile } = target;
  return [
    '-N',
    '-T',
    // Neither agent nor screen of this machine are lent to the server.
    '-a',
    '-x',
    ...['-o', 'BatchMode=yes'],
    ...['-o', 'ExitOnForwardFailure=yes'],
    ...['-o', 'ConnectTimeout=10'],
    ...['-o', 'ServerAliveInterval=15'],
    ...['-o', 'ServerAliveCountMax=3'],
    // A connection that the user's terminal shares would keep the port open after our end.
    ...['-o', 'ControlMaster=no'],
    ...['-o', 'ControlPath=none'],
    ...['-L', `127.0.0.1:${forward.localPort}:${forward.host}:${forward.port}`],
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(identityFile === undefined ? [] : ['-i', fromHome(identityFile)]),
    '--',
    host,
  ];
}

function fromHome(written: string): string {
  return /^~[/\\]/.test(written) ? path.join(homedir(), written.slice(2)) : written;
}

/** Where a tunnel leads. */
export interface TunnelWay {
  readonly target: SshTarget;
  /** As the SSH server sees it. */
  readonly host: string;
  readonly port: number;
}

/** What a tunnel is, for all that need the same one. */
export function tunnelName({ target, host, port }: TunnelWay): string {
  return `${sshCommand(target)} → ${host}:${port}`;
}
