import { realpath } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UsageError } from '../../../core/client/errors.ts';
import { cancelledHere } from '../../../core/transfer/cancelled.ts';

export interface OutfilePlaces {
  readonly document: vscode.Uri | undefined;
  /** Absolute paths that statements name. */
  readonly paths: readonly string[];
  /** A folder that the user chose for the files. */
  readonly folder?: string;
  /** True: nobody can be asked. */
  readonly isUnattended?: boolean;
}

const WRITE = 'Write';
const MOST_NAMES = 5;

/**
 * A script may come from anywhere, and running it must not write where nobody expects it: not at all in
 * untrusted workspaces, and outside of the document's folder and the workspace only after a question.
 * @throws UsageError where it may not write; CancelledError when the user turns away. Nothing has run then.
 */
export async function requireOutfilePlaces(places: OutfilePlaces): Promise<void> {
  const { paths, isUnattended } = places;
  if (paths.length === 0) return;
  if (!vscode.workspace.isTrusted) {
    throw new UsageError('INTO OUTFILE writes no file in an untrusted workspace.', {
      hint: 'Trust the workspace, or remove INTO OUTFILE and use Save Results As.',
    });
  }
  const outside = await outsidePaths(places);
  if (outside.length === 0) return;
  const names = outside.slice(0, MOST_NAMES).join('\n');
  const more = outside.length > MOST_NAMES ? `\nand ${outside.length - MOST_NAMES} more` : '';
  if (isUnattended === true) {
    throw new UsageError(
      `INTO OUTFILE names a place outside of the script's folder and the workspace: ${names}${more}`,
      { hint: 'Name a file in one of these folders, or save with a question.' },
    );
  }
  const chosen = await vscode.window.showWarningMessage(
    'INTO OUTFILE writes outside of the folder of this document and the workspace.',
    { modal: true, detail: `${names}${more}` },
    WRITE,
  );
  if (chosen !== WRITE) throw cancelledHere('INTO OUTFILE was turned away. Nothing was run.');
}

async function outsidePaths({ document, paths, folder }: OutfilePlaces): Promise<string[]> {
  const workspace = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  const local = workspace.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath);
  const own = document?.scheme === 'file' ? [path.dirname(document.fsPath)] : [];
  const allowed = [...local, ...own, ...(folder === undefined ? [] : [folder])];
  const roots = await Promise.all(allowed.map(real));
  const places = await Promise.all(paths.map(async (file) => ({ file, place: await real(file) })));
  return places
    .filter(({ place }) => !roots.some((root) => isInside(root, place)))
    .map(({ file }) => file);
}

function isInside(root: string, place: string): boolean {
  const relative = path.relative(root, place);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Where a path leads, symbolic links followed as far as it is there. */
async function real(place: string): Promise<string> {
  try {
    return await realpath(place);
  } catch {
    const parent = path.dirname(place);
    return parent === place ? place : path.join(await real(parent), path.basename(place));
  }
}
