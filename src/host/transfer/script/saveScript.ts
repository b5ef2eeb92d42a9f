import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError, isCancelledError } from '../../../core/client/errors.ts';
import type { ParameterValues } from '../../../core/client/surface.ts';
import { formatOutput } from '../../../core/transfer/formatOptions.ts';
import { allStatements } from '../../editor/currentStatement.ts';
import { errorText } from '../../errors/errorText.ts';
import { showError } from '../../errors/showError.ts';
import { type ProgressUpdate, withProgress } from '../../progress.ts';
import { resultFileName } from '../fileNames.ts';
import { outputFormats, serverSettings } from '../serverFormats.ts';
import { askFormat } from '../save/askFormat.ts';
import type { FormatChosen } from '../save/lastChoices.ts';
import { requireOutputFormat } from '../save/ownFormat.ts';
import { saveOutfile } from '../save/outfile.ts';
import { type Saved, type ShownProgress, saveOne } from '../save/runSave.ts';
import type { SaveParts } from '../save/saveCommand.ts';
import { statementSource } from '../save/statementSource.ts';
import {
  askAllParameters,
  askToContinue,
  chooseFolder,
  parametersFor,
  replaceableFiles,
} from './askScript.ts';
import { type CheckedScriptArguments, checkScriptArguments } from './scriptArguments.ts';
import { type ScriptStep, planScript } from './scriptPlan.ts';
import {
  type ScriptOutcome,
  type StepResult,
  outcomeText,
  summaryDocument,
} from './scriptSummary.ts';

/** Everything is settled; nothing has run. */
interface ScriptJob {
  readonly uri: vscode.Uri;
  readonly folder: string;
  readonly steps: readonly ScriptStep[];
  readonly chosen: FormatChosen;
  readonly params: ParameterValues;
  /** Names of files that may be replaced. */
  readonly replaceable: ReadonlySet<string>;
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
  uri: vscode.Uri,
  { connections, choices }: SaveParts,
): Promise<FormatChosen | undefined> {
  const client = await connections.client(connections.forDocument(uri).id);
  const formats = outputFormats(client);
  const { format, options: values = {}, compression } = given;
  if (format === undefined) {
    const settings = (name: string): ReturnType<typeof serverSettings> =>
      serverSettings(client, name);
    return askFormat({ formats, own: undefined, choices, settings });
  }
  requireOutputFormat(format, await formats);
  // Options that it does not take are refused before the first statement runs.
  const server = await serverSettings(client, format);
  formatOutput(format, values, { compression: compression ?? 'none', ...(server && { server }) });
  return { format, values, compression };
}

/** Settles everything before the first statement runs. Undefined: the user turned away. */
async function prepare(
  given: CheckedScriptArguments,
  parts: SaveParts,
): Promise<ScriptJob | undefined> {
  const document = await scriptDocument(given.uri);
  const { uri } = document;
  const statements = allStatements(document);
  if (statements.length === 0) {
    throw new UsageError('There is no statement here whose result could be saved.');
  }
  const chosen = await chooseFormat(given, uri, parts);
  if (!chosen) return undefined;
  const steps = planScript(statements, {
    stem: resultFileName(uri.path, undefined),
    format: chosen.format,
    compression: chosen.compression ?? 'none',
  });
  if (steps.every(({ file, outfile }) => file === undefined && !outfile)) {
    throw new UsageError('No statement of this script returns rows, so none was run.');
  }
  const folder = await chooseFolder(given, uri);
  const replaceable =
    folder === undefined ? undefined : await replaceableFiles(folder, steps, given);
  if (folder === undefined || !replaceable) return undefined;
  const held = parts.sessions.peek(uri)?.holds.statements ?? [];
  const params = given.params ?? (await askAllParameters(steps, held));
  if (!params) return undefined;
  if (!given.isUnattended) await parts.choices.remember(chosen, chosen.compression ?? 'none');
  await mkdir(folder, { recursive: true });
  return { uri, folder, steps, chosen, params, replaceable };
}

/** Runs one statement, and saves its rows if it returns any. */
async function runStep(
  job: ScriptJob,
  step: ScriptStep,
  parts: SaveParts,
  shown: ShownProgress,
): Promise<StepResult> {
  const { uri } = job;
  const { number, sql, file, outfile } = step;
  const params = parametersFor(sql, job.params);
  if (file !== undefined) {
    return savedStep(step, await saveStep(job, { ...step, file }, params, parts, shown));
  }
  const { client, session } = await parts.sessions.open(uri);
  if (outfile) {
    const connection = parts.connections.forDocument(uri).name;
    const statement = { clause: outfile, sql, document: uri, connection, client, session, params };
    return savedStep(step, (await saveOutfile(statement, parts.running, shown)).saved);
  }
  shown.update({ message: 'Running' });
  const { summary } = await session.command(sql, { params, signal: shown.signal });
  return { number, sql, state: 'ran', ms: summary.ms };
}

function savedStep({ number, sql }: ScriptStep, { receipt }: Saved): StepResult {
  const { path: file, rows, bytes, sha256, ms } = receipt;
  return {
    number,
    sql,
    state: 'saved',
    file,
    bytes,
    sha256,
    ms,
    ...(rows !== undefined && { rows }),
  };
}

async function saveStep(
  { uri, folder, chosen, replaceable }: ScriptJob,
  { sql, file, ownFormat }: ScriptStep & { readonly file: string },
  params: ParameterValues,
  parts: SaveParts,
  shown: ShownProgress,
): Promise<Saved> {
  const connection = parts.connections.forDocument(uri).id;
  const source = await statementSource(
    { sql, uri, connection },
    { params, result: undefined },
    parts,
  );
  const format = ownFormat ?? chosen.format;
  const compression = chosen.compression ?? 'none';
  const server = await serverSettings(source.client, format);
  const values = ownFormat === undefined ? chosen.values : {};
  const output = formatOutput(format, values, { compression, ...(server && { server }) });
  const target = {
    uri: vscode.Uri.file(path.join(folder, file)),
    overwrite: replaceable.has(file),
    format,
    compression,
  };
  return saveOne({ source, target, output, params, onPartial: undefined }, parts.running, shown);
}

/** Runs the statements one after the other. Never rejects: what failed is in the results. */
async function runSteps(
  job: ScriptJob,
  parts: SaveParts,
  mayContinue: (step: ScriptStep, error: unknown, left: number) => Promise<boolean>,
): Promise<{ results: StepResult[]; firstError: Error | undefined }> {
  const { steps, uri } = job;
  const results: StepResult[] = [];
  let firstError: Error | undefined;
  await withProgress(`Saving ${path.posix.basename(uri.path)}`, async (signal, update) => {
    let isStopped = false;
    for (const [at, step] of steps.entries()) {
      const { number, sql } = step;
      if (isStopped) {
        results.push({ number, sql, state: 'notRun' });
        continue;
      }
      const show = ({ message }: ProgressUpdate): void => {
        const which = `Statement ${number} of ${steps.length}`;
        update({ message: `${which}: ${message}`, fraction: at / steps.length });
      };
      try {
        results.push(await runStep(job, step, parts, { signal, update: show }));
      } catch (error) {
        firstError ??= error instanceof Error ? error : new Error(String(error));
        const state = isCancelledError(error) ? 'cancelled' : 'failed';
        results.push({ number, sql, state, error: errorText(error).full });
        const left = steps.length - at - 1;
        isStopped = state === 'cancelled' || (left > 0 && !(await mayContinue(step, error, left)));
      }
    }
  });
  return { results, firstError };
}

const SHOW_SUMMARY = 'Show Summary';
const COPY_PATH = 'Copy Path';

async function tellOutcome(outcome: ScriptOutcome): Promise<void> {
  const isWhole = outcome.steps.every(({ state }) => state === 'saved' || state === 'ran');
  const { showInformationMessage, showWarningMessage } = vscode.window;
  const show = isWhole ? showInformationMessage : showWarningMessage;
  const text = outcomeText(outcome);
  const answer = await show(text, SHOW_SUMMARY, COPY_PATH);
  if (answer === COPY_PATH) await vscode.env.clipboard.writeText(outcome.folder);
  if (answer === SHOW_SUMMARY) {
    const content = summaryDocument(outcome);
    const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
    await vscode.window.showTextDocument(document);
  }
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
  try {
    const job = await prepare(given, parts);
    if (!job) return undefined;
    const started = performance.now();
    const { onError = given.isUnattended ? 'stop' : undefined } = given;
    const { results, firstError } = await runSteps(job, parts, async (step, error, left) =>
      onError === undefined ? askToContinue(step, error, left) : onError === 'continue',
    );
    const outcome = { folder: job.folder, steps: results, ms: performance.now() - started };
    void tellOutcome(outcome);
    if (firstError !== undefined && given.isUnattended && onError !== 'continue') throw firstError;
    return outcome;
  } catch (error) {
    if (given.isUnattended) throw error;
    showError(error, { during: 'Nothing was saved' });
    return undefined;
  }
}
