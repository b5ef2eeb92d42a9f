import * as vscode from 'vscode';
import { UsageError } from '../../core/client/errors.ts';
import type { ConnectionProfile } from './profile.ts';

const KEY = 'rowhouse.insecure';
const CONNECT = 'Connect without checking';
const SETTINGS = 'Open settings';
const LEAVE = 'Do not connect';

/** Whether the user may be asked, and about what: a profile that is in the settings can be changed there. */
type Asks = 'nothing' | 'saved' | 'unsaved';

/** The user did not agree to a server whose certificate is not checked. Nothing was sent. */
export class UncheckedServerError extends UsageError {
  constructor({ name }: ConnectionProfile) {
    super(`"${name}" was not connected: it would not check the server's certificate.`, {
      hint: 'Give it the CA certificate of the server ("tls.ca") and turn "tls.insecure" off.',
    });
  }
}

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

  /** @throws UncheckedServerError when the user does not agree, or must not be asked. */
  async require(profile: ConnectionProfile, asks: Asks): Promise<void> {
    if (!isInsecure(profile) || this.#agreed().includes(idOf(profile))) return;
    if (asks !== 'nothing' && (await this.#ask(profile, asks))) return this.agree(profile);
    throw new UncheckedServerError(profile);
  }

  async agree(profile: ConnectionProfile): Promise<void> {
    if (!isInsecure(profile)) return;
    await this.#memento.update(KEY, [...new Set([...this.#agreed(), idOf(profile)])]);
  }

  async #ask({ name, url }: ConnectionProfile, asks: Asks): Promise<boolean> {
    const detail =
      `"tls.insecure" is on: ${url} may be anybody, and whoever it is can read the password and all data. ` +
      'The CA certificate of the server ("tls.ca") makes it safe.';
    const question = `Connect to "${name}" without checking the server's certificate?`;
    const options = { modal: true, detail };
    // The first one has the focus: Enter, pressed for something else, must not agree for ever.
    const choices = [asks === 'saved' ? SETTINGS : LEAVE, CONNECT];
    const chosen = await vscode.window.showWarningMessage(question, options, ...choices);
    if (chosen === SETTINGS) {
      await vscode.commands.executeCommand('rowhouse.openConnectionSettings');
    }
    return chosen === CONNECT;
  }

  #agreed(): readonly string[] {
    return this.#memento.get<string[]>(KEY, []);
  }
}
