import * as vscode from 'vscode';
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

/** Asks for a secret of a profile; undefined when the user turned away. */
export function askSecret(
  profile: SecretOwner,
  kind: SecretKind,
  rejected: boolean,
): Thenable<string | undefined> {
  const [wanted, again] = prompt(profile, kind);
  return vscode.window.showInputBox({
    title: `${NOUNS[kind]} for ${profile.name}`,
    prompt: rejected ? again : wanted,
    password: true,
    ignoreFocusOut: true,
  });
}
