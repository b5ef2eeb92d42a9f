import type * as vscode from 'vscode';
import { type ConnectionProfile, secretKey } from './profile.ts';

type Owner = Pick<ConnectionProfile, 'url' | 'user'>;

/** Passwords of profiles: in SecretStorage only. An empty password is a known one, not a missing one. */
export class Passwords {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Called with the key (`secretKey`) of a password that was changed, also by another window. */
  onDidChange(listener: (key: string) => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      listener(key);
    });
  }

  async get(profile: Owner): Promise<string | undefined> {
    return this.#secrets.get(secretKey(profile));
  }

  async store(profile: Owner, password: string): Promise<void> {
    await this.#secrets.store(secretKey(profile), password);
  }

  async forget(profile: Owner): Promise<void> {
    await this.#secrets.delete(secretKey(profile));
  }
}
