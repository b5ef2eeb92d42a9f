import { UsageError, isAuthError } from '../../core/client/errors.ts';
import { askSecret } from './askSecret.ts';
import { type ConnectionProfile, type SecretKind, signInSecret } from './profile.ts';
import type { Secrets } from './secrets.ts';
import type { Asking } from './sharedAttempt.ts';
import {
  type KnownSecrets,
  type ServerAccess,
  type SignedIn,
  openServer,
  wantsPassphrase,
} from './serverClient.ts';

export interface SignInRequest {
  readonly profile: ConnectionProfile;
  readonly secrets: Secrets;
  /** None: asks nothing, for work that the user did not start. Somebody may join who did, and leave again. */
  readonly asking: Asking;
  /** Read anew for each attempt: the user may change the settings meanwhile. */
  readonly access: () => ServerAccess;
  /** Told the secrets of each attempt before it is made. */
  readonly uses: (secrets: KnownSecrets) => void;
  /** Stops the attempt. */
  readonly signal: AbortSignal;
}

/** The stored secrets that this profile signs in with. */
export async function storedSecrets(
  profile: ConnectionProfile,
  secrets: Secrets,
): Promise<KnownSecrets> {
  const kind = signInSecret(profile);
  const passphrase =
    profile.tls?.key === undefined ? undefined : await secrets.get(profile, 'passphrase');
  return {
    ...(kind && { [kind]: await secrets.get(profile, kind) }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

/**
 * Signs in with the stored secrets; asks for those that the server or the key wants, and stores them once they were
 * accepted.
 * @throws what `openServer` throws; CancelledError.
 */
export async function signInToServer(request: SignInRequest): Promise<SignedIn> {
  const { profile, secrets, asking, uses, access, signal } = request;
  let known = await storedSecrets(profile, secrets);
  const asked = new Set<SecretKind>();
  const askFor = async (kind: SecretKind): Promise<boolean> => {
    const open = asking();
    if (!open) return false;
    const rejected = known[kind] !== undefined;
    const answer = await askSecret(profile, kind, { rejected, signal: open });
    // Taken away with who was asked: another one may have come to wait meanwhile.
    if (answer === undefined) return open.aborted && askFor(kind);
    known = { ...known, [kind]: answer };
    asked.add(kind);
    return true;
  };
  while (await wantsPassphrase(profile, known.passphrase, access())) {
    if (!(await askFor('passphrase'))) throw lockedKey(profile);
  }
  for (;;) {
    uses(known);
    try {
      const signedIn = await openServer(profile, known, access(), signal);
      for (const kind of asked) await secrets.store(profile, kind, known[kind] ?? '');
      return signedIn;
    } catch (error) {
      const kind = signInSecret(profile);
      if (!isAuthError(error) || kind === undefined || !(await askFor(kind))) throw error;
    }
  }
}

export function lockedKey({ name, tls }: ConnectionProfile): UsageError {
  return new UsageError(`The client key ${tls?.key ?? ''} of "${name}" is locked.`, {
    hint: 'It needs its passphrase: run a statement on this connection, and it is asked for.',
  });
}
