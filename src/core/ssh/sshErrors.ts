import { ConnectError } from '../client/errors.ts';
import { type SshTarget, sshCommand } from './sshTarget.ts';

interface Reason {
  readonly pattern: RegExp;
  readonly message: string;
  readonly hint: (command: string) => string;
}

const TRY_IT = (command: string): string => `Try "${command}" in a terminal.`;

/** What ssh says, in the words of OpenSSH, and what to do about it. */
const REASONS: readonly Reason[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    message: 'its host key has changed',
    hint: (command) =>
      `Somebody may be in between, or the server was set up anew: ask its owner. Then run "${command}" in a terminal and follow what it says.`,
  },
  {
    pattern: /Host key verification failed|host key is known for/,
    message: 'its host key is not known on this machine',
    hint: (command) =>
      `Run "${command}" in a terminal once, compare the key, and accept it. Then try again.`,
  },
  {
    pattern: /Permission denied|Too many authentication failures/,
    message: 'it does not let this user in',
    hint: (command) =>
      `Rowhouse asks for no passwords or passphrases of SSH: a key in ssh-agent (ssh-add), or one of your ssh config, must work by itself. ${TRY_IT(command)}`,
  },
  {
    pattern: /Could not resolve hostname/,
    message: 'its name was not found',
    hint: (command) => `Check "ssh" of the connection and your ssh config. ${TRY_IT(command)}`,
  },
  {
    pattern: /administratively prohibited|forwarding is disabled/i,
    message: 'it does not allow forwarding',
    hint: () => 'Its owner must allow it (AllowTcpForwarding, PermitOpen).',
  },
  {
    pattern: /Bad configuration option|terminating, \d+ bad configuration/,
    message: 'your ssh config has an error',
    hint: TRY_IT,
  },
];

/** True when another process took the port of this machine just before. */
export function isPortTaken(output: string, port: number): boolean {
  return /Address already in use|cannot listen to port/i.test(output) && output.includes(`${port}`);
}

/** Why a tunnel could not be opened; nothing was sent. */
export function sshError(target: SshTarget, output: string): ConnectError {
  const said = output.trim();
  const lines = said.split(/\r?\n/).filter((line) => line !== '');
  const last = (lines.at(-1) ?? 'ssh ended without a word').replace(/\.$/, '');
  const reason = REASONS.find(({ pattern }) => pattern.test(said));
  const what = reason === undefined ? last : `${reason.message} (${last})`;
  const command = sshCommand(target);
  return new ConnectError(`No SSH tunnel through ${target.host}: ${what}.`, 'SSH', {
    phase: 'connect',
    hint: (reason?.hint ?? TRY_IT)(command),
  });
}

/** There is no ssh on this machine. */
export function noSshError(cause: unknown): ConnectError {
  return new ConnectError('The program ssh was not found on this machine.', 'SSH', {
    phase: 'connect',
    hint: 'Install the OpenSSH client, and make sure that it is in the PATH.',
    cause,
  });
}

/** ssh neither opened the tunnel nor ended. */
export function sshTimeout(target: SshTarget, seconds: number): ConnectError {
  return new ConnectError(`No SSH tunnel through ${target.host} within ${seconds} s.`, 'SSH', {
    phase: 'connect',
    hint: TRY_IT(sshCommand(target)),
  });
}
