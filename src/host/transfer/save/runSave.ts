import path from 'node:path';
import * as vscode from 'vscode';
import type {
  PartialSave,
  QueryProgress,
  SaveOptions,
  SaveProgress,
} from '../../../core/client/surface.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';
import type { CutSettings, ResultSettings } from '../../../core/transfer/cutSettings.ts';
import type { FormatOutput } from '../../../core/transfer/formatOptions.ts';
import type { RunningTasks } from '../../connections/runningTasks.ts';
import type { ProgressUpdate } from '../../progress.ts';
import { type SavedReceipt, copyingText, fractionRead, savingText } from '../transferTexts.ts';
import { saveElsewhere } from './copyOut.ts';
import { type FileReceipt, fileReceipt } from './receipt.ts';
import type { RunningSave, RunningSaves } from './runningSaves.ts';
import { withRows } from './savedRows.ts';
import type { SaveSource } from './saveSource.ts';
import { type SaveTarget, requireNoPartial } from './saveTarget.ts';
import { requireFreeSidecar, sidecarOf, writeSidecar } from './sidecar.ts';

/** Everything is settled; nothing has run. */
export interface SaveJob {
  readonly source: SaveSource;
  readonly target: SaveTarget;
  /** The format to ask for, and what its options stand for. */
  readonly output: FormatOutput;
  /** The result is added to the end of a file that is there. Default false. */
  readonly append?: boolean;
  readonly params: Readonly<Record<string, unknown>>;
  /** Called with what a failed save left, before the failure is thrown; undefined: nothing is to be left. */
  readonly onPartial: ((partial: PartialSave) => void) | undefined;
  /** Asks whether a result cut by settings is wanted; undefined: nobody can be asked, and it is. */
  readonly mayCut: ((cut: CutSettings) => Promise<boolean>) | undefined;
}

export interface Saved {
  readonly uri: vscode.Uri;
  readonly receipt: SavedReceipt;
  readonly file: FileReceipt;
  /** Why the receipt could not be written beside the file. */
  readonly sidecarError: unknown;
}

const WAITING = 'Waiting for another statement or save of this editor to end';

/**
 * Streams the rows into the file, with progress in a notification and in the Results view.
 * @param connection id of the one whose server makes the file's bytes
 */
export function runSave(
  job: SaveJob,
  { running, tasks }: { running: RunningSaves; tasks: RunningTasks },
  connection: string,
): Promise<Saved> {
  return tasks.run({ kind: 'save', connection, title: titleOf(job) }, (signal, update) =>
    saveOne(job, running, { signal, update }),
  );
}

/** As `runSave`, with the progress and the cancelling in other hands. */
export async function saveOne(
  job: SaveJob,
  running: RunningSaves,
  shown: ShownProgress,
): Promise<Saved> {
  const { source, target, output, params } = job;
  const sidecar = sidecarOf(target.uri, source.document);
  if (sidecar !== undefined) await requireFreeSidecar(sidecar);
  if (!target.dropsPartial && !running.isSaving(target.uri)) {
    await requireNoPartial(target.uri, running);
  }
  const one = running.start(target.uri, source.resultId);
  try {
    const receipt = await stream(job, one, shown);
    const file = fileReceipt({
      receipt,
      sql: source.sql,
      params,
      settings: output.settings,
      connection: source.connection,
      savedAt: new Date(),
      shown: source.shown,
    });
    const sidecarError = sidecar && (await sidecarProblem(sidecar, file));
    return { uri: target.uri, receipt, file, sidecarError };
  } finally {
    one.end();
  }
}

function titleOf({ target }: SaveJob): string {
  return `Saving ${path.posix.basename(target.uri.path)}`;
}

/** The file is whole by now: a receipt that cannot be written does not change that. */
async function sidecarProblem(sidecar: vscode.Uri, file: FileReceipt): Promise<unknown> {
  try {
    await writeSidecar(sidecar, file);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Where one save shows how it goes, and what stops it. */
export interface ShownProgress {
  readonly signal: AbortSignal;
  readonly update: (update: ProgressUpdate) => void;
  /** The numbers behind `update`. */
  readonly onProgress?: (saved: SaveProgress | undefined, read: QueryProgress | undefined) => void;
}

async function stream(
  job: SaveJob,
  one: RunningSave,
  { signal: cancelled, update, onProgress }: ShownProgress,
): Promise<SavedReceipt> {
  const { source, target } = job;
  const title = titleOf(job);
  const signal = AbortSignal.any([cancelled, one.signal]);
  let saved: SaveProgress | undefined;
  let read: QueryProgress | undefined;
  const show = (): void => {
    const isWaiting = saved === undefined && read === undefined && source.isBusy();
    const message = isWaiting ? WAITING : savingText(saved, read);
    update({ message, fraction: fractionRead(read) });
    one.show(`${title}: ${message}`);
    onProgress?.(saved, read);
  };
  const save = async (
    place: string,
    stop: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<SavedReceipt> => {
    const { cut, uncountable } = await settleResult(job, stop);
    const receipt = await source.save(place, {
      ...optionsOf(job),
      countRows: !uncountable,
      signal: stop,
      onCreated: (partialPath) => {
        one.writes(partialPath);
      },
      onProgress: (progress) => {
        saved = progress;
        onBytes?.(progress.bytes);
        show();
      },
      onQueryProgress: (progress) => {
        read = progress;
        show();
      },
    });
    const counted = await withRows(receipt, source.client, stop);
    return { ...counted, ...(Object.keys(cut).length > 0 && { cutBy: cut }) };
  };
  show();
  if (target.uri.scheme === 'file') return save(target.uri.fsPath, signal);
  let copyingSince: number | undefined;
  const onCopy = (arrived: number, bytes: number): void => {
    copyingSince ??= performance.now();
    const message = copyingText(arrived, bytes, performance.now() - copyingSince);
    update({ message });
    one.show(`${title}: ${message}`);
  };
  return saveElsewhere(target, { save, onCopy }, signal);
}

/** @throws CancelledError when the user wants nothing else. */
async function settleResult(
  { source, mayCut }: SaveJob,
  signal: AbortSignal,
): Promise<ResultSettings> {
  const settings = await source.resultSettings(signal);
  const { cut } = settings;
  if (Object.keys(cut).length > 0 && mayCut && !(await mayCut(cut)))
    throw cancelledHere('Saving was cancelled.');
  return settings;
}

function optionsOf({ source, target, output, params, append, onPartial }: SaveJob): SaveOptions {
  return {
    ...output,
    params,
    compression: target.compression,
    overwrite: target.overwrite,
    checksum: vscode.workspace
      .getConfiguration('rowhouse', source.document)
      .get<boolean>('save.checksum', true),
    ...(append && { append }),
    // A temporary file on the way to another place is nothing to keep.
    ...(onPartial && target.uri.scheme === 'file' && { keepPartial: true, onPartial }),
  };
}
