import * as vscode from 'vscode';
import { FileError } from '../../../core/client/errors.ts';
import { PartialFile } from '../../../core/transfer/partialFile.ts';
import { kindOf, notLookedAt } from './kindOf.ts';
import { isLoneFile } from './place.ts';
import { putElsewhere } from './putElsewhere.ts';
import { type FileReceipt, isReceiptText, receiptText } from './receipt.ts';

/** A receipt with a long statement is larger than a page, but never this large. */
const LARGEST_RECEIPT_BYTES = 2_000_000;

/** Where the receipt of a file lies; undefined when the user wants none, and where nothing can lie beside the file. */
export function sidecarOf(
  file: vscode.Uri,
  document: vscode.Uri | undefined,
): vscode.Uri | undefined {
  const wanted = vscode.workspace
    .getConfiguration('rowhouse', document)
    .get<boolean>('save.sidecar', false);
  return wanted && !isLoneFile(file) ? file.with({ path: `${file.path}.json` }) : undefined;
}

async function isReceipt(file: vscode.Uri): Promise<boolean> {
  const { fs } = vscode.workspace;
  try {
    const { size } = await fs.stat(file);
    if (size > LARGEST_RECEIPT_BYTES) return false;
    return isReceiptText(Buffer.from(await fs.readFile(file)).toString('utf8'));
  } catch (error) {
    throw notLookedAt(file, error);
  }
}

/** @throws FileError when another file has the receipt's name, or nobody can tell; nothing has run then. */
export async function requireFreeSidecar(sidecar: vscode.Uri): Promise<void> {
  const kind = await kindOf(sidecar);
  if (kind === 'nothing' || (kind === 'file' && (await isReceipt(sidecar)))) return;
  const place = sidecar.scheme === 'file' ? sidecar.fsPath : sidecar.toString(true);
  throw new FileError(place, `${place} is there already and is no receipt.`, 'EXISTS', {
    hint: 'Move it away, choose another name for the result, or turn off the setting rowhouse.save.sidecar.',
  });
}

/** Writes the receipt beside its file, whole or not at all. @throws FileError */
export async function writeSidecar(sidecar: vscode.Uri, receipt: FileReceipt): Promise<void> {
  await requireFreeSidecar(sidecar);
  const content = Buffer.from(receiptText(receipt), 'utf8');
  if (sidecar.scheme !== 'file') {
    await putElsewhere({
      target: sidecar,
      overwrite: true,
      bytes: content.length,
      fill: (uri) => vscode.workspace.fs.writeFile(uri, content),
    });
    return;
  }
  const partial = await PartialFile.create(sidecar.fsPath, 'replace');
  try {
    await partial.file.writeFile(content);
    await partial.commit(content.length, true);
  } catch (error) {
    await partial.discard(false);
    throw error;
  }
}
