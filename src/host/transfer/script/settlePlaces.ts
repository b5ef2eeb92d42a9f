import * as vscode from 'vscode';
import { existingFiles } from '../../../core/transfer/saveScript.ts';
import type { SaveStep, ScriptStep } from '../../../core/transfer/scriptPlan.ts';
import type { RunningSaves } from '../save/runningSaves.ts';
import { keptPartial, requireNoPartial } from '../save/saveTarget.ts';
import { mayReplace } from './askScript.ts';
import type { CheckedScriptArguments } from './scriptArguments.ts';

interface SettledPlaces {
  readonly steps: readonly ScriptStep[];
  /** Partial files of earlier saves that may go. */
  readonly partials: readonly string[];
}

/**
 * Settles what becomes of the files that are there, before the first statement runs: one that stops half-way is
 * not simply run again. Undefined: the user turned away.
 * @throws FileError for a partial file of an earlier save where nobody can be asked
 */
export async function settlePlaces(
  steps: readonly ScriptStep[],
  folder: string,
  { isUnattended, replacePartial }: CheckedScriptArguments,
  running: RunningSaves,
): Promise<SettledPlaces | undefined> {
  const saves = steps.filter((step): step is SaveStep => step.kind === 'save');
  const places = saves.map((step) => vscode.Uri.file(step.path));
  if (isUnattended && !replacePartial) {
    for (const place of places) await requireNoPartial(place, running);
  }
  const found = await Promise.all(places.map((place) => keptPartial(place, running)));
  const partials = found.flatMap((partial) => partial?.fsPath ?? []);
  if (isUnattended) return { steps, partials };
  // INTO OUTFILE decides itself about the file that it names.
  const files = await existingFiles(saves.filter(({ isOutfile }) => !isOutfile));
  const asked = replacePartial ? [] : partials;
  if (files.length + asked.length === 0) return { steps, partials };
  if (!(await mayReplace(folder, files, asked))) return undefined;
  return { steps: files.length === 0 ? steps : steps.map(overwriting), partials };
}

function overwriting(step: ScriptStep): ScriptStep {
  if (step.kind === 'run' || step.isOutfile) return step;
  return { ...step, save: { ...step.save, overwrite: true } };
}
