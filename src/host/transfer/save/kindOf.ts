import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { FileError } from '../../../core/client/errors.ts';
import { fileError, systemCode } from '../../../core/transfer/fileErrors.ts';

/** Anything else, such as a refusal, says nothing about what is there. */
function isNotThere(error: unknown): boolean {
  if (error instanceof vscode.FileSystemError) return error.code === 'FileNotFound';
  return systemCode(error) === 'ENOENT';
}

export function notLookedAt(uri: vscode.Uri, error: unknown): FileError {
  const place = uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
  const why = error instanceof Error ? error.message : String(error);
  return new FileError(place, `${place} cannot be looked at: ${why}`, undefined, {
    cause: error,
    hint: 'Choose another place.',
  });
}

/** What is at a place. @throws FileError where nobody can tell */
export async function kindOf(uri: vscode.Uri): Promise<'nothing' | 'file' | 'folder'> {
  try {
    if (uri.scheme === 'file') {
      return (await stat(uri.fsPath)).isDirectory() ? 'folder' : 'file';
    }
    const { type } = await vscode.workspace.fs.stat(uri);
    return (type & vscode.FileType.Directory) === 0 ? 'file' : 'folder';
  } catch (error) {
    if (isNotThere(error)) return 'nothing';
    throw uri.scheme === 'file'
      ? fileError(uri.fsPath, `write ${uri.fsPath}`, error)
      : notLookedAt(uri, error);
  }
}
