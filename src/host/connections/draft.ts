import {
  type ConnectionProfile,
  DEFAULT_USER,
  type SecretOwner,
  readProfile,
  secretKey,
  signInSecret,
} from './profile.ts';
import type { KnownSecrets } from './serverClient.ts';

/** Fields of a profile that a caller of a command may give; `null` removes one. */
export const PROFILE_FIELDS = [
  'name',
  'url',
  'hosts',
  'user',
  'database',
  'signIn',
  'tls',
  'proxy',
  'ssh',
  'headers',
  'settings',
  'roles',
  'readOnly',
  'color',
  'production',
  'cluster',
] as const satisfies readonly (keyof ConnectionProfile)[];

export const SECRET_FIELDS = ['password', 'token', 'passphrase'] as const;

export type Answers = Readonly<Record<string, unknown>>;

/** A profile before it is saved. Secrets that are not here stay as they are stored. */
export interface Draft {
  readonly profile: ConnectionProfile;
  readonly secrets: KnownSecrets;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/**
 * A profile from answers, on top of one that is edited.
 * @throws Error with a text for people when a field is not usable.
 */
export function toProfile(
  answers: Answers,
  takenNames: readonly string[],
  base: Partial<ConnectionProfile> = {},
): ConnectionProfile {
  const entry: Record<string, unknown> = { ...base };
  for (const field of PROFILE_FIELDS) {
    if (answers[field] !== undefined) entry[field] = answers[field];
    if (isNothing(entry[field])) Reflect.deleteProperty(entry, field);
  }
  if (entry['user'] === DEFAULT_USER) Reflect.deleteProperty(entry, 'user');
  if (entry['signIn'] === 'password') Reflect.deleteProperty(entry, 'signIn');
  const read = readProfile(entry, takenNames);
  if (typeof read === 'string') throw new Error(read);
  return read;
}

/** The secrets among answers. */
export function toSecrets(answers: Answers): KnownSecrets {
  const given = SECRET_FIELDS.flatMap((field) => {
    const value = answers[field];
    return typeof value === 'string' ? [[field, value] as const] : [];
  });
  return Object.fromEntries(given);
}

/** A token among the answers says how to sign in. */
export function impliedSignIn(answers: Answers): Answers {
  const says = answers['signIn'] === undefined && typeof answers['token'] === 'string';
  return says ? { ...answers, signIn: 'token' } : answers;
}

/** True if the secret that `stored` signs in with is that of `profile` too. */
export function sharesSecret(profile: SecretOwner, stored: SecretOwner | undefined): boolean {
  const kind = signInSecret(profile);
  if (stored === undefined || kind === undefined || kind !== signInSecret(stored)) return false;
  return secretKey(stored, kind) === secretKey(profile, kind);
}
