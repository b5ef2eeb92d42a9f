import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import type { Client, ParameterValues } from '../../../core/client/surface.ts';
import {
  type ScriptActions,
  type StepResult,
  saveScript,
} from '../../../core/transfer/saveScript.ts';
import { type SaveStep, type ScriptStep, planScript } from '../../../core/transfer/scriptPlan.ts';
import { mayDestroy } from '../../connections/mayDestroy.ts';
import { whileConnecting } from '../../connections/whileConnecting.ts';
import { showError } from '../../errors/showError.ts';
import { askAboutLeft } from '../save/failedSave.ts';
import { outputFormats, serverSettings } from '../serverFormats.ts';
import { askCutOnce } from '../save/askCut.ts';
import { askFormat } from '../save/askFormat.ts';
import type { FormatChosen } from '../save/lastChoices.ts';
import { requireOutputFormat } from '../save/ownFormat.ts';
import { requireOutfilePlaces } from '../save/outfilePlace.ts';
import { folderFor } from '../save/place.ts';
import { type SaveJob, type ShownProgress, saveOne } from '../save/runSave.ts';
import type { SaveParts } from '../save/saveCommand.ts';
import { openSame, statementSource } from '../save/statementSource.ts';
import { askAllParameters, askToContinue, chooseFolder, parametersFor } from './askScript.ts';
import { type CheckedScriptArguments, checkScriptArguments } from './scriptArguments.ts';
import { settlePlaces } from './settlePlaces.ts';
import { type ScriptOutcome, outcomeText, stepOutcome, summaryDocument } from './scriptSummary.ts';

/** Everything is settled; nothing has run. */
interface ScriptJob {
  readonly uri: vscode.Uri;
  /** Id of the connection that all statements run on. */
  readonly connection: string;
  readonly mayCut: SaveJob['mayCut'];
  readonly onPartial: SaveJob['onPartial'];
  readonly folder: string;
  readonly steps: readonly ScriptStep[];
  /** Partial files of earlier saves that may go. */
  readonly partials: readonly string[];
  readonly params: ParameterValues;
}

async function scriptDocument(uri: vscode.Uri | undefined): Promise<vscode.TextDocument> {
  const document = uri
    ? await vscode.workspace.openTextDocument(uri)
    : vscode.window.activeTextEditor?.document;
  if (document) return document;
  throw new UsageError('There is no script here whose results could be saved.', {
    hint: 'Open an SQL file.',
  });
}

async function chooseFormat(
  given: CheckedScriptArguments,
  client: Client,
  { choices }: SaveParts,
): Promise<FormatChosen | undefined> {
  const formats = outputFormats(client);
  const { format, options: values = {}, compression } = given;
  if (format === undefined) {
    const settings = serverSettings(client);
    return askFormat({ formats, settings, choices });
  }
  requireOutputFormat(format, await formats);
  return { format, values, compression };
}

/** Settles everything before the first statement runs. Undefined: the user turned away. */
async function prepare(
  given: CheckedScriptArguments,
  parts: SaveParts,
): Promise<ScriptJob | undefined> {
  const document = await scriptDocument(given.uri);
  const { uri } = document;
  const { id } = parts.connections.forDocument(uri);
  const { connection, client } = await whileConnecting(parts.connections, id, (signal) =>
    parts.sessions.open(uri, signal),
  );
  const chosen = await chooseFormat(given, client, parts);
  if (!chosen) return undefined;
  const server = await serverSettings(client);
  const planFor = (folder: string, overwrite: boolean): ScriptStep[] =>
    planScript(document.getText(), {
      folder,
      format: chosen.format,
      choices: chosen.values,
      compression: chosen.compression ?? 'none',
      ...(server && { server }),
      held: parts.sessions.peek(uri)?.holds.settings ?? [],
      outfileFolder: folderFor(uri),
      overwrite,
    });
  // Whatever is wrong with the script is told before the folder is asked for.
  if (planFor(folderFor(uri), true).every(({ kind }) => kind === 'run')) {
    throw new UsageError('No statement of this script returns rows, so none was run.');
  }
  const folder = await chooseFolder(given, uri);
  if (folder === undefined) return undefined;
  const planned = planFor(folder, given.overwrite);
  const paths = planned.flatMap((step) =>
    step.kind === 'save' && step.isOutfile ? [step.path] : [],
  );
  const { isUnattended } = given;
  await requireOutfilePlaces({ document: uri, paths, folder, isUnattended });
  const settled = await settlePlaces(planned, folder, given, parts.running);
  if (!settled) return undefined;
  const { steps, partials } = settled;
  const held = parts.sessions.peek(uri)?.holds.statements ?? [];
  const params = given.params ?? (await askAllParameters(steps, held, isUnattended));
  if (!params) return undefined;
  const statements = steps.map(({ sql }) => sql);
  if (!(await mayDestroy(parts.connections.get(connection), ...statements))) return undefined;
  if (!isUnattended) {
    const own = { hasFormat: false, settings: new Set<string>() };
    await parts.choices.remember(chosen, chosen.compression ?? 'none', { server, own });
  }
  await mkdir(folder, { recursive: true });
  const mayCut = isUnattended ? undefined : askCutOnce();
  const onPartial = isUnattended ? undefined : askAboutLeft(parts.running);
  return { uri, connection, mayCut, onPartial, folder, steps, partials, params };
}

async function saveJob(
  { uri, connection, mayCut, onPartial, partials, params: all }: ScriptJob,
  { sql, path: place, save }: SaveStep,
  parts: SaveParts,
): Promise<SaveJob> {
  const { format, compression, append, overwrite, settings, leading } = save;
  const params = parametersFor(sql, all);
  const source = await statementSource(
    { sql, uri, connection },
    { params, result: undefined, isUnattended: true },
    parts,
  );
  const target = vscode.Uri.file(place);
  return {
    source,
    append,
    target: {
      uri: target,
      overwrite,
      dropsPartial: partials.includes(`${target.fsPath}.partial`),
      format,
      compression,
    },
    output: { format, settings, ...(leading && { leading }) },
    params,
    onPartial,
    mayCut,
  };
}

function actionsFor(
  job: ScriptJob,
  parts: SaveParts,
  update: ShownProgress['update'],
): ScriptActions {
  const total = job.steps.length;
  const show = ({ number }: ScriptStep): ShownProgress['update'] => {
    return ({ message }) => {
      const fraction = (number - 1) / total;
      update({ message: `Statement ${number} of ${total}: ${message}`, fraction });
    };
  };
  return {
    save: async (step, { signal }) => {
      const one = await saveJob(job, step, parts);
      const { receipt } = await saveOne(one, parts.running, { signal, update: show(step) });
      return receipt;
    },
    run: async (step, { signal }) => {
      show(step)({ message: 'Running' });
      const { session } = await openSame(job.uri, job.connection, parts, signal);
      return session.command(step.sql, { params: parametersFor(step.sql, job.params), signal });
    },
  };
}

const SHOW_SUMMARY = 'Show summary';
const COPY_PATH = 'Copy path';

async function tellOutcome(outcome: ScriptOutcome): Promise<void> {
  const isWhole = outcome.steps.every(({ state }) => state === 'saved' || state === 'ran');
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const show = isWhole ? showInformationMessage : showWarningMessage;
  const answer = await show(outcomeText(outcome), SHOW_SUMMARY, COPY_PATH);
  if (answer === COPY_PATH) await vscode.env.clipboard.writeText(outcome.folder);
  if (answer === SHOW_SUMMARY) {
    const content = summaryDocument(outcome);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    await vscode.window.showTextDocument(document);
  }
}

function firstError(results: readonly StepResult[]): Error | undefined {
  for (const result of results) {
    if (result.state !== 'failed' && result.state !== 'cancelled') continue;
    const { error } = result;
    return error instanceof Error ? error : new Error(String(error));
  }
  return undefined;
}

/**
 * Runs a script and saves the rows of each statement that returns some to a file of its own. With `format`
 * and `folder` given nothing is asked, and the first failure rejects unless `onError` is `continue`.
 * Undefined: the user turned away, or it could not begin and that was shown.
 */
export async function saveScriptAs(
  argument: unknown,
  parts: SaveParts,
): Promise<ScriptOutcome | undefined> {
  const given = checkScriptArguments(argument);
  const { onError = given.isUnattended ? 'stop' : undefined } = given;
  try {
    const job = await prepare(given, parts);
    if (!job) return undefined;
    const started = performance.now();
    const title = `Saving ${path.posix.basename(job.uri.path)}`;
    const origin = { kind: 'save', connection: job.connection, title } as const;
    const results = await parts.tasks.run(origin, (signal, update) =>
      saveScript(job.steps, actionsFor(job, parts, update), {
        signal,
        onFailure: onError ?? askToContinue,
      }),
    );
    const steps = results.map(stepOutcome);
    const outcome = { folder: job.folder, steps, ms: performance.now() - started };
    void tellOutcome(outcome);
    const error = firstError(results);
    if (error && given.isUnattended && onError !== 'continue') throw error;
    return outcome;
  } catch (error) {
    if (given.isUnattended) throw error;
    showError(error, { during: 'The script was not begun' });
    return undefined;
  }
}
