import * as vscode from 'vscode';
import { isCancelledError } from '../../core/client/errors.ts';
import { errorText } from '../errors/errorText.ts';
import { withProgress } from '../progress.ts';
import type { Draft } from './connectionForm.ts';
import type { Connections } from './connections.ts';
import { saveProfile } from './profileStore.ts';
import { describeServer, testServer } from './testServer.ts';

export interface SaveRequest {
  readonly draft: Draft;
  /** Name of the profile that is edited. */
  readonly replaces?: string | undefined;
  readonly test: boolean;
  /** False: a failed test throws instead of asking what to do. */
  readonly ask: boolean;
}

/** `edit`: the user wants to change the answers. `cancelled`: nothing was saved. */
export type SaveOutcome = 'saved' | 'edit' | 'cancelled';

const EDIT = 'Edit';
const SAVE_ANYWAY = 'Save Anyway';
const CANCEL = 'Cancel';

async function test(connections: Connections, { profile, password }: Draft): Promise<string> {
  const used = password ?? (await connections.passwords.get(profile));
  const tested = await withProgress(`Testing ${profile.name} (${profile.url})`, (signal) =>
    testServer(profile, used, signal),
  );
  return describeServer(tested);
}

async function store(connections: Connections, { draft, replaces }: SaveRequest): Promise<void> {
  const { profile, password } = draft;
  if (password !== undefined) await connections.passwords.store(profile, password);
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
  let note = '';
  if (request.test) {
    try {
      note = await test(connections, draft);
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
  if (ask && note !== '') {
    void vscode.window.showInformationMessage(
      `Connection "${draft.profile.name}" is saved. ${note}.`,
    );
  }
  return 'saved';
}
