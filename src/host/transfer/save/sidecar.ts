import { readFile, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { FileError } from '../../../core/client/errors.ts';
import { systemCode } from '../../../core/transfer/fileErrors.ts';
import { PartialFile } from '../../../core/transfer/partialFile.ts';
import { type FileReceipt, isReceiptText, receiptText } from './receipt.ts';

/** A receipt with a long statement is larger than a page, but never this large. */
const LARGEST_RECEIPT_BYTES = 2_000_000;

/** Where the receipt of a file lies; undefined when the user wants none. */
export function sidecarOf(filePath: string, document: vscode.Uri | undefined): string | undefined {
  const wanted = vscode.workspace
    .getConfiguration('rowhouse', document)
    .get<boolean>('save.sidecar', false);
  return wanted ? `${filePath}.json` : undefined;
}

/** @throws FileError when another file has the receipt's name; nothing has run then. */
export async function requireFreeSidecar(sidecar: string): Promise<void> {
  let text: string | undefined;
  try {
    const { size } = await stat(sidecar);
    text = size <= LARGEST_RECEIPT_BYTES ? await readFile(sidecar, 'utf8') : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
  }
  if (text !== undefined && isReceiptText(text)) return;
  throw new FileError(sidecar, `${sidecar} is there already and is no receipt.`, 'EXISTS', {
    hint: 'Move it away, choose another name for the result, or turn off the setting rowhouse.save.sidecar.',
  });
}

/** Writes the receipt beside its file, whole or not at all. @throws FileError */
export async function writeSidecar(sidecar: string, receipt: FileReceipt): Promise<void> {
  await requireFreeSidecar(sidecar);
  const partial = await PartialFile.create(sidecar, 'replace');
  try {
    const bytes = Buffer.from(receiptText(receipt), 'utf8');
    await partial.file.writeFile(bytes);
    await partial.commit(bytes.length, true);
  } catch (error) {
    await partial.discard(false);
    throw error;
  }
}
