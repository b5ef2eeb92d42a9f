import * as vscode from 'vscode';
import { isCancelledError } from '../../core/client/errors.ts';
import { errorText } from '../errors/errorText.ts';
import { withProgress } from '../progress.ts';
import type { Connections } from './connections.ts';
import { SECRET_FIELDS, type Draft } from './draft.ts';
import { saveProfile } from './profileStore.ts';
import { storedSecrets } from './signInToServer.ts';
import { describeServer, testServer } from './testServer.ts';

export interface SaveRequest {
  readonly draft: Draft;
  /** Name of the profile that is edited. */
  readonly replaces?: string | undefined;
  readonly test: boolean;
  /** False: a failed test throws instead of asking what to do. */
  readonly ask: boolean;
  /** The caller agrees to a profile that checks no certificate. */
  readonly insecure?: boolean;
}

/** `edit`: the user wants to change the answers. `cancelled`: nothing was saved. */
export type SaveOutcome = 'saved' | 'edit' | 'cancelled';

const EDIT = 'Edit';
const SAVE_ANYWAY = 'Save anyway';
const CANCEL = 'Cancel';

async function test(
  connections: Connections,
  { profile, secrets }: Draft,
): Promise<{ note: string; isWhole: boolean }> {
  await connections.insecure.require(profile, 'unsaved');
  const used = { ...(await storedSecrets(profile, connections.secrets)), ...secrets };
  const tested = await connections.trying(profile, (access) =>
    withProgress(`Testing ${profile.name} (${profile.url})`, (signal) =>
      testServer(profile, used, access, signal),
    ),
  );
  return {
    note: describeServer(tested),
    isWhole: tested.hosts.every(({ ms }) => ms !== undefined),
  };
}

async function store(connections: Connections, { draft, replaces }: SaveRequest): Promise<void> {
  const { profile, secrets } = draft;
  for (const kind of SECRET_FIELDS) {
    const secret = secrets[kind];
    if (secret !== undefined) await connections.secrets.store(profile, kind, secret);
  }
  await saveProfile(profile, replaces);
  connections.reload();
  if (replaces !== undefined && replaces !== profile.name) {
    await connections.renamed(replaces, profile.name);
  }
}

/** Tests a connection and saves it when it works, or when the user wants it nevertheless. */
export async function saveConnection(
  connections: Connections,
  request: SaveRequest,
): Promise<SaveOutcome> {
  const { draft, ask } = request;
  let tested = { note: '', isWhole: true };
  if (request.insecure === true) await connections.insecure.agree(draft.profile);
  if (request.test) {
    try {
      tested = await test(connections, draft);
    } catch (error) {
      if (!ask) throw error;
      if (isCancelledError(error)) return 'edit';
      const { short } = errorText(error, `${draft.profile.name} was not saved`);
      const choice = await vscode.window.showErrorMessage(short, EDIT, SAVE_ANYWAY, CANCEL);
      if (choice === EDIT) return 'edit';
      if (choice !== SAVE_ANYWAY) return 'cancelled';
    }
  }
  await store(connections, request);
  if (ask && tested.note !== '') {
    const text = `Connection "${draft.profile.name}" is saved. ${tested.note}.`;
    if (tested.isWhole) void vscode.window.showInformationMessage(text);
    else void vscode.window.showWarningMessage(text);
  }
  return 'saved';
}
