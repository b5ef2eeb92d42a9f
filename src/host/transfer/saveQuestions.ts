import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Client } from '../../core/client/surface.ts';
import { suffixOfCoding } from '../../core/transfer/codings.ts';
import { findFormat } from '../../core/transfer/formats.ts';
import type { SaveOptions } from '../../core/client/surface.ts';
import { resultFileName } from './fileNames.ts';
import { type FormatChoice, formatChoices } from './formatChoices.ts';
import { outputFormats } from './serverFormats.ts';

const LAST_FORMAT = 'rowhouse.lastSaveFormat';

export type SaveCompression = NonNullable<SaveOptions['compression']>;

/** Asks for the format; remembers it for the next time. */
export async function askFormat(
  client: Client,
  memory: vscode.Memento,
): Promise<string | undefined> {
  const last = memory.get<string>(LAST_FORMAT);
  const items = outputFormats(client).then((formats) =>
    formatChoices(formats, last).map((choice): vscode.QuickPickItem & { choice: FormatChoice } => ({
      label: choice.label,
      description: choice.description,
      choice,
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Save Results As',
    placeHolder: 'Format',
    matchOnDescription: true,
  });
  if (picked) await memory.update(LAST_FORMAT, picked.choice.format);
  return picked?.choice.format;
}

function folderFor(document: vscode.Uri | undefined): string {
  if (document?.scheme === 'file') return path.dirname(document.fsPath);
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return folder?.uri.fsPath ?? os.homedir();
}

export interface SaveTarget {
  readonly path: string;
  /** True when the user agreed to replace what is there. */
  readonly overwrite: boolean;
}

/** Asks for the place; the dialog itself asks before an existing file is replaced. */
export async function askTarget(
  format: string,
  compression: SaveCompression | undefined,
  document: vscode.Uri | undefined,
): Promise<SaveTarget | undefined> {
  const info = findFormat(format);
  const coding =
    compression === undefined || compression === 'none' ? [] : [suffixOfCoding(compression)];
  const suffix = [...(info?.suffixes.slice(0, 1) ?? []), ...coding].join('.');
  const name = resultFileName(document?.path, suffix === '' ? undefined : suffix);
  const target = await vscode.window.showSaveDialog({
    title: `Save Results As ${info?.name ?? format}`,
    saveLabel: 'Save',
    defaultUri: vscode.Uri.file(path.join(folderFor(document), name)),
  });
  if (!target) return undefined;
  return { path: filePath(target), overwrite: existsSync(filePath(target)) };
}

/** The place that a caller gave: a Uri or a path, relative to the document's folder. */
export function givenTarget(target: unknown, document: vscode.Uri | undefined): string | undefined {
  if (target instanceof vscode.Uri) return filePath(target);
  if (typeof target !== 'string' || target === '') return undefined;
  return path.resolve(folderFor(document), target);
}

function filePath(target: vscode.Uri): string {
  if (target.scheme === 'file') return target.fsPath;
  throw new Error(
    `Results are streamed to files of the machine that the extension runs on; ${target.scheme}: is not one of its places.`,
  );
}
