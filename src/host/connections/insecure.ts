import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import type { ConnectionProfile } from './profile.ts';

const KEY = 'rowhouse.insecure';
const CONNECT = 'Connect without checking';

function isInsecure({ tls, url }: ConnectionProfile): boolean {
  return tls?.insecure === true && url.startsWith('https:');
}

function idOf({ name, url, hosts = [] }: ConnectionProfile): string {
  return [name, url, ...hosts].join(' ');
}

/**
 * Profiles that check no certificate, as the user agreed to. Turned off and on again, in the settings as well, a
 * profile asks again.
 */
export class InsecureConsent {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Forgets the consent to profiles that check certificates now, or are gone. */
  async keepOnly(profiles: readonly ConnectionProfile[]): Promise<void> {
    const known = this.#agreed();
    const kept = profiles.filter(isInsecure).map(idOf);
    const left = known.filter((id) => kept.includes(id));
    if (left.length < known.length) await this.#memento.update(KEY, left);
  }

  /** @throws UsageError when the user does not agree, or must not be asked. */
  async require(profile: ConnectionProfile, ask: boolean): Promise<void> {
    if (!isInsecure(profile) || this.#agreed().includes(idOf(profile))) return;
    if (ask && (await this.#ask(profile))) return this.agree(profile);
    throw new UsageError(
      `"${profile.name}" was not connected: it would not check the server's certificate.`,
      { hint: 'Give it the CA certificate of the server ("tls.ca") and turn "tls.insecure" off.' },
    );
  }

  async agree(profile: ConnectionProfile): Promise<void> {
    if (!isInsecure(profile)) return;
    await this.#memento.update(KEY, [...new Set([...this.#agreed(), idOf(profile)])]);
  }

  async #ask({ name, url }: ConnectionProfile): Promise<boolean> {
    const detail =
      `"tls.insecure" is on: ${url} may be anybody, and whoever it is can read the password and all data. ` +
      'The CA certificate of the server ("tls.ca") makes it safe.';
    const question = `Connect to "${name}" without checking the server's certificate?`;
    const options = { modal: true, detail };
    return (await vscode.window.showWarningMessage(question, options, CONNECT)) === CONNECT;
  }

  #agreed(): readonly string[] {
    return this.#memento.get<string[]>(KEY, []);
  }
}
