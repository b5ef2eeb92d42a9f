import { access, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { FileError, isCancelledError } from '../../../core/client/errors.ts';
import { countOf } from '../../../shared/humanNumbers.ts';
import { answersOf, textAnswer } from '../../answers.ts';
import { errorText } from '../../errors/errorText.ts';
import { withProgress } from '../../progress.ts';
import type { Connections } from '../connections.ts';
import { DEFAULT_USER } from '../profile.ts';
import { saveProfile } from '../profileStore.ts';
import { testServer } from '../testServer.ts';
import { type Candidate, type Candidates, candidatesOf } from './candidates.ts';
import { readConfig } from './configFile.ts';

const TITLE = 'Import Connections from clickhouse-client';
const LARGEST_FILE = 1024 * 1024;
const IMPORT_ALL = 'Import all';
const IMPORT_WORKING = 'Import those that answered';

/** Where clickhouse-client looks, in its order. */
function usualFiles(): string[] {
  const config = process.env['XDG_CONFIG_HOME'] ?? path.join(homedir(), '.config');
  const places = [
    path.join(homedir(), '.clickhouse-client', 'config'),
    path.join(config, 'clickhouse', 'config'),
    '/etc/clickhouse-client/config',
  ];
  return places.flatMap((place) => ['.xml', '.yaml', '.yml'].map((suffix) => `${place}${suffix}`));
}

async function foundFiles(): Promise<string[]> {
  const found = await Promise.all(
    usualFiles().map(async (file) =>
      access(file).then(
        () => [file],
        () => [],
      ),
    ),
  );
  return found.flat();
}

async function openFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: TITLE,
    openLabel: 'Read',
    filters: { 'Configuration of clickhouse-client': ['xml', 'yaml', 'yml'] },
  });
  return chosen?.[0]?.fsPath;
}

async function askFile(): Promise<string | undefined> {
  const found = await foundFiles();
  if (found.length === 0) return openFile();
  const other = { label: 'Choose a File…', iconPath: new vscode.ThemeIcon('folder-opened') };
  const items = [...found.map((file) => ({ label: file })), other];
  const picked = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: 'File' });
  return picked === other ? openFile() : picked?.label;
}

/** @throws FileError for a file that cannot be read, or is no configuration. */
async function readFrom(file: string, taken: readonly string[]): Promise<Candidates> {
  try {
    if ((await stat(file)).size > LARGEST_FILE) throw new Error('It is larger than 1 MiB.');
    const kind = /\.ya?ml$/i.test(file) ? 'yaml' : 'xml';
    return candidatesOf(readConfig(await readFile(file, 'utf8'), kind), taken);
  } catch (error) {
    // The cause may quote lines of the file, with passwords in them.
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new FileError(file, `${file} cannot be read: ${said}`, 'FORMAT', {
      hint: 'Choose a config.xml or config.yaml of clickhouse-client.',
    });
  }
}

interface Item extends vscode.QuickPickItem {
  readonly candidate: Candidate;
}

function itemOf(candidate: Candidate, known: ReadonlySet<string>): Item {
  const { profile, password, note } = candidate;
  const { name, url, user = DEFAULT_USER, database, tls } = profile;
  const isKnown = known.has(`${user}@${url}`);
  const details = [
    ...(note === undefined ? [] : [note]),
    ...(database === undefined ? [] : [`database ${database}`]),
    password === undefined ? 'no password in the file' : 'password goes into the secret storage',
    ...(tls?.insecure === true ? ['checks no certificate'] : []),
    ...(isKnown ? ['there is a connection to this server already'] : []),
  ];
  return {
    label: name,
    description: `${user}@${url}`,
    detail: details.join(' · '),
    picked: !isKnown,
    candidate,
  };
}

async function askWhich(
  usable: readonly Candidate[],
  connections: Connections,
): Promise<readonly Candidate[] | undefined> {
  const known = connections
    .list()
    .flatMap(({ profile }) => (profile ? [`${profile.user ?? DEFAULT_USER}@${profile.url}`] : []));
  const items = usable.map((each) => itemOf(each, new Set(known)));
  const picked = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: 'Connections to import; nothing else of the file is kept',
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map(({ candidate }) => candidate);
}

/** Why each of the candidates does not work; undefined for those that do. */
async function test(
  connections: Connections,
  candidates: readonly Candidate[],
): Promise<(string | undefined)[]> {
  const refused = new Map<Candidate, string>();
  for (const candidate of candidates) {
    // One question at a time.
    await connections.insecure.require(candidate.profile, 'unsaved').catch((error: unknown) => {
      refused.set(candidate, errorText(error).short);
    });
  }
  return withProgress(`Testing ${countOf(candidates.length, 'connection')}`, (signal) =>
    Promise.all(
      candidates.map(async (candidate) => {
        const { profile, password = '' } = candidate;
        if (refused.has(candidate)) return refused.get(candidate);
        try {
          await connections.trying(profile, (way) =>
            testServer(profile, { password }, way, signal),
          );
          return undefined;
        } catch (error) {
          if (isCancelledError(error)) throw error;
          return errorText(error, profile.name).short;
        }
      }),
    ),
  );
}

async function store(connections: Connections, { profile, password }: Candidate): Promise<void> {
  if (password !== undefined) await connections.secrets.store(profile, 'password', password);
  await saveProfile(profile);
  connections.reload();
}

/** Of those that were tested, which to import. */
async function decide(
  candidates: readonly Candidate[],
  problems: readonly (string | undefined)[],
): Promise<readonly Candidate[]> {
  const failed = problems.flatMap((problem) => (problem === undefined ? [] : [problem]));
  if (failed.length === 0) return candidates;
  const working = candidates.filter((_, at) => problems[at] === undefined);
  const question = `${failed.length} of ${countOf(candidates.length, 'connection')} did not work.`;
  const choices = working.length > 0 ? [IMPORT_WORKING, IMPORT_ALL] : [IMPORT_ALL];
  const options = { modal: true, detail: failed.join('\n\n') };
  const answer = await vscode.window.showWarningMessage(question, options, ...choices);
  if (answer === IMPORT_ALL) return candidates;
  return answer === IMPORT_WORKING ? working : [];
}

/**
 * Takes over connections of clickhouse-client. A caller may name the `path`, the `names` to import, and `test: false`;
 * those that fail their test are then not imported. Resolves with the names of what was imported.
 */
export async function importConnections(
  connections: Connections,
  argument: unknown,
): Promise<readonly string[]> {
  const answers = answersOf(argument);
  const file = textAnswer(answers, 'path') ?? (await askFile());
  if (file === undefined) return [];
  const taken = connections.list().map(({ id }) => id);
  const { usable, problems } = await readFrom(file, taken);
  if (usable.length === 0) {
    throw new FileError(file, `${file} has no connections.`, 'FORMAT', {
      hint:
        problems.length > 0
          ? problems.join(' ')
          : 'They are in <connections_credentials>, or in <host> at the top.',
    });
  }
  const { names } = answers;
  const isAsked = !Array.isArray(names);
  const chosen = isAsked
    ? await askWhich(usable, connections)
    : usable.filter(({ profile }) => names.includes(profile.name));
  if (chosen === undefined || chosen.length === 0) return [];
  let imported = chosen;
  if (answers['test'] !== false) {
    const failures = await test(connections, chosen);
    imported = isAsked
      ? await decide(chosen, failures)
      : chosen.filter((_, at) => failures[at] === undefined);
  }
  for (const candidate of imported) await store(connections, candidate);
  if (isAsked && imported.length > 0) {
    const skipped = problems.length === 0 ? '' : ` Left out: ${problems.join(' ')}`;
    void vscode.window.showInformationMessage(
      `${countOf(imported.length, 'connection')} imported.${skipped}`,
    );
  }
  return imported.map(({ profile }) => profile.name);
}
