import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileError, isCancelledError, isSessionLostError } from '../client/errors.ts';
import type {
  CommandResult,
  PartialSave,
  QueryProgress,
  RequestOptions,
  SaveProgress,
  SaveReceipt,
  StatementRunner,
} from '../client/surface.ts';
import { fileError, systemCode } from './fileErrors.ts';
import type { RunStep, SaveStep, ScriptStep } from './scriptPlan.ts';

/** What became of a statement. */
export type StepResult =
  | { readonly step: SaveStep; readonly state: 'saved'; readonly receipt: SaveReceipt }
  | { readonly step: RunStep; readonly state: 'ran'; readonly result: CommandResult }
  | FailedStep
  /** An earlier statement failed or was cancelled. */
  | { readonly step: ScriptStep; readonly state: 'notRun' };

export interface FailedStep {
  readonly step: ScriptStep;
  readonly state: 'failed' | 'cancelled';
  readonly error: unknown;
  /** What of the file was kept. */
  readonly partial?: PartialSave;
}

/** How statements are carried out; `runnerActions` gives the usual way. */
export interface ScriptActions {
  save(
    step: SaveStep,
    by: { readonly signal: AbortSignal; readonly onPartial: (partial: PartialSave) => void },
  ): Promise<SaveReceipt>;
  run(step: RunStep, by: { readonly signal: AbortSignal }): Promise<CommandResult>;
}

export interface ScriptRunOptions {
  /** What to do after a failure: decide at once, or ask with the number of statements that are left. */
  readonly onFailure:
    'stop' | 'continue' | ((failure: FailedStep, left: number) => Promise<boolean> | boolean);
  /** Aborting cancels the statement that runs; no other is begun. */
  readonly signal?: AbortSignal;
  /** Called when a statement begins, and when it has ended. */
  readonly onStep?: (step: ScriptStep, ended: StepResult | undefined) => void;
}

/**
 * Runs the statements of a script one after the other and saves the rows of those that return any. A failure
 * is in the results, one for each step in order; after a lost session nothing more runs, since later
 * statements may need what was in it.
 * @throws FileError before anything runs, if files are there already (code `EXISTS`) or folders are not.
 */
export async function saveScript(
  steps: readonly ScriptStep[],
  actions: ScriptActions,
  options: ScriptRunOptions,
): Promise<StepResult[]> {
  await checkPlaces(steps);
  const signal = options.signal ?? new AbortController().signal;
  const results: StepResult[] = [];
  let isStopped = false;
  for (const [index, step] of steps.entries()) {
    if (isStopped || signal.aborted) {
      results.push({ step, state: 'notRun' });
      continue;
    }
    options.onStep?.(step, undefined);
    const result = await runStep(step, actions, signal);
    results.push(result);
    options.onStep?.(step, result);
    if (result.state === 'failed' || result.state === 'cancelled') {
      isStopped = !(await mayGoOn(result, steps.length - index - 1, options.onFailure));
    }
  }
  return results;
}

/** The files of the steps that are there already and would be neither replaced nor appended to. */
export async function existingFiles(steps: readonly ScriptStep[]): Promise<string[]> {
  const paths = steps.flatMap((step) =>
    step.kind === 'save' && !step.save.append && !step.save.overwrite ? [step.path] : [],
  );
  const found = await Promise.all(paths.map(async (path) => ((await exists(path)) ? [path] : [])));
  return found.flat();
}

/**
 * Runs statements by a session, which keeps what SET and temporary tables made.
 * @param by what statements are sent with; and whether failed saves leave `<name>.partial`.
 */
export function runnerActions(
  runner: StatementRunner,
  by: {
    readonly requestFor?: (
      step: ScriptStep,
    ) => Omit<RequestOptions, 'signal' | 'format' | 'compression' | 'onProgress'>;
    readonly keepPartial?: boolean;
    readonly onProgress?: (step: SaveStep, progress: SaveProgress) => void;
    readonly onQueryProgress?: (step: ScriptStep, progress: QueryProgress) => void;
  } = {},
): ScriptActions {
  const { requestFor, keepPartial = false, onProgress, onQueryProgress } = by;
  return {
    save: (step, { signal, onPartial }) => {
      const request = requestFor?.(step) ?? {};
      return runner.saveTo(step.sql, step.path, {
        ...request,
        ...step.save,
        settings: { ...request.settings, ...step.save.settings },
        signal,
        keepPartial,
        onPartial,
        ...(onProgress && {
          onProgress: (progress: SaveProgress) => {
            onProgress(step, progress);
          },
        }),
        ...(onQueryProgress && {
          onQueryProgress: (progress: QueryProgress) => {
            onQueryProgress(step, progress);
          },
        }),
      });
    },
    run: (step, { signal }) =>
      runner.command(step.sql, {
        ...requestFor?.(step),
        signal,
        ...(onQueryProgress && {
          onProgress: (progress: QueryProgress) => {
            onQueryProgress(step, progress);
          },
        }),
      }),
  };
}

async function runStep(
  step: ScriptStep,
  actions: ScriptActions,
  signal: AbortSignal,
): Promise<StepResult> {
  let partial: PartialSave | undefined;
  const onPartial = (left: PartialSave): void => {
    partial = left;
  };
  try {
    if (step.kind === 'run') {
      return { step, state: 'ran', result: await actions.run(step, { signal }) };
    }
    return { step, state: 'saved', receipt: await actions.save(step, { signal, onPartial }) };
  } catch (error) {
    const state = isCancelledError(error) ? 'cancelled' : 'failed';
    return { step, state, error, ...(partial !== undefined && { partial }) };
  }
}

async function mayGoOn(
  failure: FailedStep,
  left: number,
  onFailure: ScriptRunOptions['onFailure'],
): Promise<boolean> {
  if (failure.state === 'cancelled' || isSessionLostError(failure.error) || left === 0)
    return false;
  return typeof onFailure === 'string' ? onFailure === 'continue' : onFailure(failure, left);
}

/** @throws FileError */
async function checkPlaces(steps: readonly ScriptStep[]): Promise<void> {
  const paths = steps.flatMap((step) => (step.kind === 'save' ? [step.path] : []));
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    if (await isFolder(folder)) continue;
    throw new FileError(folder, `${folder} is not a folder. No statement was run.`, 'ENOTDIR', {
      hint: 'Choose another place.',
    });
  }
  const [first, ...others] = await existingFiles(steps);
  if (first === undefined) return;
  const more = others.length === 0 ? 'exists' : `and ${others.length} more files exist`;
  throw new FileError(first, `${first} ${more} already. No statement was run.`, 'EXISTS', {
    hint: 'Choose another folder, or allow overwriting.',
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw fileError(path, `write into ${path}`, error);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw fileError(path, `write ${path}`, error);
  }
}
