import * as vscode from 'vscode';
import { onAbort } from '../../core/client/abort.ts';
import { DEFAULT_USER, type SecretKind, type SecretOwner } from './profile.ts';

const KEPT = "It is kept in VS Code's secret storage.";

function prompt(
  { url, user = DEFAULT_USER, tls }: SecretOwner,
  kind: SecretKind,
): [string, string] {
  switch (kind) {
    case 'password':
      return [
        `${url} wants a password for user "${user}". ${KEPT}`,
        `${url} did not accept the last password of user "${user}".`,
      ];
    case 'token':
      return [`${url} wants an access token. ${KEPT}`, `${url} did not accept the last token.`];
    default:
      return [
        `The key ${tls?.key ?? ''} is encrypted. ${KEPT}`,
        `The last passphrase does not open the key ${tls?.key ?? ''}.`,
      ];
  }
}

const NOUNS: Readonly<Record<SecretKind, string>> = {
  password: 'Password',
  token: 'Access token',
  passphrase: 'Passphrase',
};

/**
 * Asks for a secret of a profile; undefined when the user turned away, or the question was taken away.
 * @param rejected the last one was not accepted
 */
export async function askSecret(
  profile: SecretOwner,
  kind: SecretKind,
  { rejected, signal }: { rejected: boolean; signal?: AbortSignal },
): Promise<string | undefined> {
  const [wanted, again] = prompt(profile, kind);
  const options = {
    title: `${NOUNS[kind]} for ${profile.name}`,
    prompt: rejected ? again : wanted,
    password: true,
    ignoreFocusOut: true,
  };
  const taken = new vscode.CancellationTokenSource();
  const stopListening = onAbort(signal, () => {
    taken.cancel();
  });
  try {
    return await vscode.window.showInputBox(options, taken.token);
  } finally {
    stopListening();
    taken.dispose();
  }
}
