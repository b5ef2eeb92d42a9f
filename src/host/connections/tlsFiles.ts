import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { UsageError } from '../../core/client/errors.ts';
import type { TlsOptions } from '../../core/client/connectionSurface.ts';
import type { TlsFiles } from './profileFields.ts';

function pathOf(written: string, folder: string | undefined): string {
  if (written.startsWith('~/') || written.startsWith('~\\')) {
    return join(homedir(), written.slice(2));
  }
  if (isAbsolute(written)) return written;
  if (folder !== undefined) return join(folder, written);
  throw new UsageError(`The path ${written} of this connection starts nowhere.`, {
    hint: 'Without a folder open, write it from the root, or from ~/.',
  });
}

async function read(what: string, written: string, folder: string | undefined): Promise<string> {
  const path = pathOf(written, folder);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`The ${what} ${path} cannot be read.`, {
      hint: 'Correct its path in the connection, or the rights of the file.',
      cause,
    });
  }
}

/** The files of a profile's TLS, as PEM texts. @throws UsageError for a file that cannot be read. */
export async function readTlsFiles(
  files: TlsFiles,
  folder: string | undefined,
): Promise<TlsOptions> {
  const { ca, cert, key, serverName, insecure } = files;
  return {
    ...(ca !== undefined && { ca: await read('CA certificate', ca, folder) }),
    ...(cert !== undefined && { cert: await read('client certificate', cert, folder) }),
    ...(key !== undefined && { key: await read('client key', key, folder) }),
    ...(serverName !== undefined && { servername: serverName }),
    ...(insecure === true && { rejectUnauthorized: false }),
  };
}

/** True if this PEM key is encrypted and the passphrase, if any, does not open it. */
export function needsPassphrase(key: TlsOptions['key'], passphrase: string | undefined): boolean {
  if (!key?.toString().includes('ENCRYPTED')) return false;
  if (passphrase === undefined) return true;
  try {
    createPrivateKey({ key, passphrase });
    return false;
  } catch {
    return true;
  }
}
