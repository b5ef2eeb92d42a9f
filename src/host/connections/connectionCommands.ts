import * as vscode from 'vscode';
import { answersOf, textAnswer } from '../answers.ts';
import { registerCommand } from '../commands/registry.ts';
import { type Draft, askConnection, toProfile } from './connectionForm.ts';
import { ConnectionNode } from '../explorer/nodes.ts';
import type { Connection, Connections } from './connections.ts';
import { ADD_CONNECTION, namedConnection, pickConnection } from './pickConnection.ts';
import { secretKey } from './profile.ts';
import { deleteProfile } from './profileStore.ts';
import { saveConnection } from './saveConnection.ts';

const SQL_LANGUAGES = ['sql', 'clickhouse'];
const FIELDS = ['url', 'user', 'password', 'database', 'name'] as const;

type Given = Readonly<Record<string, string | undefined>>;

function givenFields(argument: unknown): Given {
  const answers = answersOf(argument);
  return Object.fromEntries(FIELDS.map((field) => [field, textAnswer(answers, field)]));
}

function namesBut(connections: Connections, own?: string): string[] {
  return connections
    .list()
    .map(({ name }) => name)
    .filter((name) => name !== own);
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

async function add(connections: Connections, argument: unknown): Promise<string | undefined> {
  const takenNames = namesBut(connections);
  let given = givenFields(argument);
  const test = answersOf(argument)['test'] !== false;
  if (given['url'] !== undefined && given['name'] !== undefined) {
    const draft = { profile: toProfile(given, takenNames), password: given['password'] ?? '' };
    await saveConnection(connections, { draft, test, ask: false });
    return draft.profile.name;
  }
  for (;;) {
    const draft = await askConnection({ title: 'Add Connection', given, takenNames });
    if (!draft) return undefined;
    const outcome = await saveConnection(connections, { draft, test, ask: true });
    if (outcome === 'saved') return draft.profile.name;
    if (outcome === 'cancelled') return undefined;
    given = toGiven(draft);
  }
}

async function edit(connections: Connections, argument: unknown): Promise<string | undefined> {
  const { profile } = (await serverFor(connections, argument, 'Edit Connection')) ?? {};
  if (!profile) return undefined;
  const takenNames = namesBut(connections, profile.name);
  const test = answersOf(argument)['test'] !== false;
  const stored = (await connections.passwords.get(profile)) === undefined ? undefined : profile;
  const changes = givenFields(argument);
  const replaces = profile.name;
  const isChanged = FIELDS.some((field) => changes[field] !== undefined);
  let given = toGiven({ profile, password: undefined });
  if (isChanged) {
    const merged = Object.fromEntries(
      FIELDS.map((field) => [field, changes[field] ?? given[field]]),
    );
    const draft: Draft = { profile: toProfile(merged, takenNames), password: changes['password'] };
    await saveConnection(connections, { draft, replaces, test, ask: false });
    await forgetUnused(connections, profile);
    return draft.profile.name;
  }
  for (;;) {
    const draft = await askConnection({ title: 'Edit Connection', given, takenNames, stored });
    if (!draft) return undefined;
    const outcome = await saveConnection(connections, { draft, replaces, test, ask: true });
    if (outcome === 'saved') {
      await forgetUnused(connections, profile);
      return draft.profile.name;
    }
    if (outcome === 'cancelled') return undefined;
    given = toGiven(draft);
  }
}

function toGiven({ profile, password }: Draft): Given {
  const { name, url, user, database } = profile;
  return { name, url, user, database, password };
}

/** Removes a password that no profile uses any more. */
async function forgetUnused(
  connections: Connections,
  profile: NonNullable<Connection['profile']>,
): Promise<void> {
  const key = secretKey(profile);
  const inUse = connections
    .list()
    .some((other) => other.profile && secretKey(other.profile) === key);
  if (!inUse) await connections.passwords.forget(profile);
}

async function remove(connections: Connections, argument: unknown): Promise<boolean> {
  const { profile } = (await serverFor(connections, argument, 'Remove Connection')) ?? {};
  if (!profile) return false;
  if (answersOf(argument)['confirm'] !== false) {
    const detail = 'Its password is forgotten too. Nothing changes on the server.';
    const question = `Remove the connection "${profile.name}"?`;
    const answer = await vscode.window.showWarningMessage(
      question,
      { modal: true, detail },
      'Remove',
    );
    if (answer !== 'Remove') return false;
  }
  await deleteProfile(profile.name);
  connections.reload();
  await connections.renamed(profile.name, undefined);
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

/** Add, edit, remove and select; each takes its answers as an argument: `{name, url, user, password, database, test}`, `{id}`. */
export function registerConnectionCommands(connections: Connections): vscode.Disposable {
  return vscode.Disposable.from(
    registerCommand('rowhouse.addConnection', (argument?: unknown) => add(connections, argument)),
    registerCommand('rowhouse.editConnection', (argument?: unknown) => edit(connections, argument)),
    registerCommand('rowhouse.removeConnection', (argument?: unknown) =>
      remove(connections, argument),
    ),
    registerCommand('rowhouse.selectConnection', (argument?: unknown) =>
      select(connections, argument),
    ),
  );
}
