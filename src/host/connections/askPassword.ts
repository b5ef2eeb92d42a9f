import * as vscode from 'vscode';
import { type ConnectionProfile, DEFAULT_USER } from './profile.ts';

/** Asks for the password of a profile; undefined when the user turned away. */
export function askPassword(
  profile: Pick<ConnectionProfile, 'name' | 'url' | 'user'>,
  rejected: boolean,
): Thenable<string | undefined> {
  const user = profile.user ?? DEFAULT_USER;
  return vscode.window.showInputBox({
    title: `Password for ${profile.name}`,
    prompt: rejected
      ? `${profile.url} did not accept the last password of user "${user}".`
      : `${profile.url} wants a password for user "${user}". It is kept in VS Code's secret storage.`,
    password: true,
    ignoreFocusOut: true,
  });
}
