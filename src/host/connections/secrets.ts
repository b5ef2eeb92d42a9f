import type * as vscode from 'vscode';
import { type SecretKind, type SecretOwner, secretKey } from './profile.ts';

const KINDS = ['password', 'token', 'passphrase'] as const satisfies readonly SecretKind[];

/** Secrets of profiles, in SecretStorage only. An empty password is a known one, not a missing one. */
export class Secrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  /** Called with the key (`secretKey`) of a secret that was changed, also by another window. */
  onDidChange(listener: (key: string) => void): vscode.Disposable {
    return this.#storage.onDidChange(({ key }) => {
      listener(key);
    });
  }

  /** True if this key is where one of the profile's secrets is kept. */
  isOf(profile: SecretOwner, key: string): boolean {
    return KINDS.some((kind) => secretKey(profile, kind) === key);
  }

  async get(profile: SecretOwner, kind: SecretKind): Promise<string | undefined> {
    return this.#storage.get(secretKey(profile, kind));
  }

  async store(profile: SecretOwner, kind: SecretKind, secret: string): Promise<void> {
    await this.#storage.store(secretKey(profile, kind), secret);
  }

  /** Removes the secrets of a profile but those that one of the others uses too. */
  async forgetUnused(profile: SecretOwner, others: readonly SecretOwner[]): Promise<void> {
    for (const kind of KINDS) {
      const key = secretKey(profile, kind);
      const inUse = others.some((other) => secretKey(other, kind) === key);
      if (!inUse) await this.#storage.delete(key);
    }
  }
}
