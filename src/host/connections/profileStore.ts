import * as vscode from 'vscode';
import {
  type ConnectionProfile,
  type ReadProfiles,
  mergeProfiles,
  readProfiles,
} from './profile.ts';

const SECTION = 'rowhouse';
const KEY = 'connections';
/** What a profile that is saved may have lost. */
const OPTIONAL_FIELDS: readonly string[] = [
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
] satisfies (keyof ConnectionProfile)[];
export const CONNECTIONS_SETTING = `${SECTION}.${KEY}`;

function inspect(): { user: unknown; workspace: unknown } {
  const found = vscode.workspace.getConfiguration(SECTION).inspect(KEY);
  // VS Code hides restricted settings of an untrusted workspace by itself; this holds if that is ever lost.
  const workspace = vscode.workspace.isTrusted ? found?.workspaceValue : undefined;
  return { user: found?.globalValue, workspace };
}

/** The profiles in user and workspace settings. */
export function loadProfiles(): ReadProfiles {
  const { user, workspace } = inspect();
  return mergeProfiles(readProfiles(user), readProfiles(workspace));
}

/** The settings file that holds this profile; new ones go to the user's. */
function targetOf(name: string): { target: vscode.ConfigurationTarget; entries: unknown[] } {
  const { user, workspace } = inspect();
  const asList = (value: unknown): unknown[] =>
    Array.isArray(value) ? [...(value as unknown[])] : [];
  const inWorkspace = readProfiles(workspace).profiles.some((profile) => profile.name === name);
  return inWorkspace
    ? { target: vscode.ConfigurationTarget.Workspace, entries: asList(workspace) }
    : { target: vscode.ConfigurationTarget.Global, entries: asList(user) };
}

function isEntryOf(entry: unknown, name: string): boolean {
  return typeof entry === 'object' && entry !== null && 'name' in entry && entry.name === name;
}

async function write(target: vscode.ConfigurationTarget, entries: unknown[]): Promise<void> {
  await vscode.workspace.getConfiguration(SECTION).update(KEY, entries, target);
}

/**
 * Writes a profile in place of the one named `replaces`, or as a new one. Entries that cannot be read and
 * fields that this version does not know stay as they are.
 */
export async function saveProfile(profile: ConnectionProfile, replaces?: string): Promise<void> {
  const { target, entries } = targetOf(replaces ?? profile.name);
  const at = entries.findIndex((entry) => isEntryOf(entry, replaces ?? profile.name));
  if (at < 0) {
    await write(target, [...entries, { ...profile }]);
    return;
  }
  const kept = { ...(entries[at] as Record<string, unknown>) };
  for (const field of OPTIONAL_FIELDS) Reflect.deleteProperty(kept, field);
  entries[at] = { ...kept, ...profile };
  await write(target, entries);
}

export async function deleteProfile(name: string): Promise<void> {
  const { target, entries } = targetOf(name);
  const rest = entries.filter((entry) => !isEntryOf(entry, name));
  await write(target, rest);
}
