import * as vscode from 'vscode';
import { answersOf, textAnswer } from '../answers.ts';
import type { CommandHandlers } from '../commands/registry.ts';
import { askConnection } from './connectionForm.ts';
import { ConnectionNode } from '../explorer/nodes.ts';
import type { Connection, Connections } from './connections.ts';
import {
  type Answers,
  PROFILE_FIELDS,
  SECRET_FIELDS,
  impliedSignIn,
  toProfile,
  toSecrets,
} from './draft.ts';
import { ADD_CONNECTION, namedConnection, pickConnection } from './pickConnection.ts';
import { type ConnectionProfile, LOCAL_CONNECTION, signInSecret } from './profile.ts';
import { CONNECTIONS_SETTING, deleteProfile } from './profileStore.ts';
import { saveConnection } from './saveConnection.ts';
import type { KnownSecrets } from './serverClient.ts';

const SQL_LANGUAGES = ['sql', 'clickhouse'];

type Given = Readonly<Record<string, string | undefined>>;

/** Ends what runs on the connection of this id, after a question or without one. False: it is to go on. */
export type MayLeave = (id: string, asks: boolean) => Promise<boolean>;

/** Of the answers, those that the form asks for. */
function toGiven(answers: Answers, { password, token }: KnownSecrets = {}): Given {
  const tls = answers['tls'];
  const { cert, key } = (typeof tls === 'object' && tls !== null ? tls : {}) as Given;
  const texts = ['url', 'user', 'signIn', 'name'].map((name) => [name, textAnswer(answers, name)]);
  return { ...(Object.fromEntries(texts) as Given), password, token, cert, key };
}

function namesBut(connections: Connections, own?: string): string[] {
  return connections
    .list()
    .map(({ id }) => id)
    .filter((id) => id !== own && id !== LOCAL_CONNECTION);
}

/** The connection named by a tree item or by `{id}`; else undefined. */
function connectionOf(connections: Connections, argument: unknown): Connection | undefined {
  if (argument instanceof ConnectionNode) return argument.connection;
  const id = textAnswer(answersOf(argument), 'id');
  return id === undefined ? undefined : namedConnection(connections, id);
}

async function serverFor(
  connections: Connections,
  argument: unknown,
  title: string,
): Promise<Connection | undefined> {
  const named = connectionOf(connections, argument);
  if (named) return named;
  const servers = connections.list().filter(({ kind }) => kind === 'server');
  const picked = await pickConnection(servers, { title });
  return picked === ADD_CONNECTION ? undefined : picked;
}

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettingsJson', {
    revealSetting: { key: CONNECTIONS_SETTING, edit: true },
  });
}

interface Asking {
  readonly title: string;
  readonly given: Given;
  readonly takenNames: readonly string[];
  readonly edited?: ConnectionProfile;
  readonly test: boolean;
}

/** Asks, tests and saves, again and again until it is saved or given up. */
async function askAndSave(
  connections: Connections,
  { given: first, test, ...asking }: Asking,
): Promise<string | undefined> {
  const { edited } = asking;
  const kind = edited && signInSecret(edited);
  const isStored =
    edited !== undefined &&
    kind !== undefined &&
    (await connections.secrets.get(edited, kind)) !== undefined;
  for (let given = first; ;) {
    const draft = await askConnection({ ...asking, given, isStored });
    if (!draft) return undefined;
    const ask = { draft, replaces: edited?.name, test: test && !draft.more, ask: true };
    const outcome = await saveConnection(connections, ask);
    if (outcome === 'cancelled') return undefined;
    if (outcome === 'saved') {
      if (draft.more) await openSettings();
      return draft.profile.name;
    }
    given = toGiven({ ...draft.profile }, draft.secrets);
  }
}

async function add(connections: Connections, argument: unknown): Promise<string | undefined> {
  const takenNames = namesBut(connections);
  const answers = impliedSignIn(answersOf(argument));
  const test = answers['test'] !== false;
  if (textAnswer(answers, 'url') !== undefined && textAnswer(answers, 'name') !== undefined) {
    const profile = toProfile(answers, takenNames);
    const secrets = toSecrets(
      signInSecret(profile) === 'password' ? { password: '', ...answers } : answers,
    );
    const insecure = answers['insecure'] === true;
    await saveConnection(connections, {
      draft: { profile, secrets },
      test,
      ask: false,
      insecure,
    });
    return profile.name;
  }
  const given = toGiven(answers, toSecrets(answers));
  return askAndSave(connections, { title: 'Add Connection', given, takenNames, test });
}

async function edit(connections: Connections, argument: unknown): Promise<string | undefined> {
  const { profile } = (await serverFor(connections, argument, 'Edit Connection')) ?? {};
  if (!profile) return undefined;
  const takenNames = namesBut(connections, profile.name);
  const answers = impliedSignIn(answersOf(argument));
  const test = answers['test'] !== false;
  const fields: readonly string[] = [...PROFILE_FIELDS, ...SECRET_FIELDS];
  let saved: string | undefined;
  if (fields.some((field) => answers[field] !== undefined)) {
    const draft = {
      profile: toProfile(answers, takenNames, profile),
      secrets: toSecrets(answers),
    };
    const insecure = answers['insecure'] === true;
    const replaces = profile.name;
    await saveConnection(connections, { draft, replaces, test, ask: false, insecure });
    saved = draft.profile.name;
  } else {
    const given = toGiven({ ...profile });
    const title = 'Edit Connection';
    saved = await askAndSave(connections, { title, given, takenNames, edited: profile, test });
  }
  if (saved !== undefined) await forgetUnused(connections, profile);
  return saved;
}

/** Removes secrets that no profile uses any more. */
async function forgetUnused(connections: Connections, profile: ConnectionProfile): Promise<void> {
  const others = connections.list().flatMap((other) => (other.profile ? [other.profile] : []));
  await connections.secrets.forgetUnused(profile, others);
}

async function remove(
  connections: Connections,
  mayLeave: MayLeave,
  argument: unknown,
): Promise<boolean> {
  const { profile } = (await serverFor(connections, argument, 'Remove Connection')) ?? {};
  if (!profile) return false;
  if (answersOf(argument)['confirm'] !== false) {
    const detail = 'Its password or token is forgotten too. Nothing changes on the server.';
    const question = `Remove the connection "${profile.name}"?`;
    const answer = await vscode.window.showWarningMessage(
      question,
      { modal: true, detail },
      'Remove',
    );
    if (answer !== 'Remove') return false;
  }
  const asks = answersOf(argument)['confirm'] !== false;
  if (!(await mayLeave(profile.name, asks))) return false;
  await deleteProfile(profile.name);
  connections.reload();
  await connections.removed(profile.name);
  await forgetUnused(connections, profile);
  return true;
}

/** The SQL document in front of the user. */
function activeSqlDocument(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && SQL_LANGUAGES.includes(document.languageId) ? document.uri : undefined;
}

async function select(connections: Connections, argument: unknown): Promise<string | undefined> {
  const givenUri = answersOf(argument)['uri'];
  const uri = givenUri instanceof vscode.Uri ? givenUri : activeSqlDocument();
  let chosen = connectionOf(connections, argument)?.id;
  if (chosen === undefined) {
    const current = uri ? connections.forDocument(uri).id : undefined;
    const title = uri ? `Connection for ${uri.path.split('/').at(-1) ?? ''}` : 'Connection';
    const picked = await pickConnection(connections.list(), { title, current, offerNew: true });
    chosen = picked === ADD_CONNECTION ? await add(connections, undefined) : picked?.id;
  }
  if (chosen === undefined) return undefined;
  await connections.select(chosen, uri);
  return chosen;
}

/**
 * Add, edit, remove and select; each takes its answers as an argument: the fields of
 * a profile with `{password, token, passphrase, insecure, test}`, and `{id}`.
 */
export function connectionCommands(
  connections: Connections,
  mayLeave: MayLeave,
): CommandHandlers<'connections'> {
  return {
    'rowhouse.addConnection': (argument?: unknown) => add(connections, argument),
    'rowhouse.importConnections': async (argument?: unknown) => {
      const { importConnections } = await import('./import/importConnections.ts');
      return importConnections(connections, argument);
    },
    'rowhouse.editConnection': (argument?: unknown) => edit(connections, argument),
    'rowhouse.removeConnection': (argument?: unknown) => remove(connections, mayLeave, argument),
    'rowhouse.openConnectionSettings': openSettings,
    'rowhouse.selectConnection': (argument?: unknown) => select(connections, argument),
  };
}
