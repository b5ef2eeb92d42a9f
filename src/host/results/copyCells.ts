import * as vscode from 'vscode';
import { zoneOffsets } from '../../core/types/format/tableZones.ts';
import { COPY_CHARS } from '../../shared/limits.ts';
import type { HostMessage, ResultSnapshot, WebviewMessage } from '../../shared/protocol.ts';
import type { RowsInView } from './view/rowsInView.ts';

type CopyRequest = Extract<WebviewMessage, { type: 'copyAs' }>;

/** ms between messages about the progress. */
const TELL_EVERY_MS = 100;

/**
 * Puts cells of a result on the clipboard, made from the rows on disk that are shown; the page is told how far it is.
 * @returns the last message for the page
 * @throws what reading throws, and the signal's reason
 */
export async function copyCells(
  {
    columns,
    timeZone,
    zones,
    textSettings,
  }: Pick<ResultSnapshot, 'columns' | 'timeZone' | 'zones' | 'textSettings'>,
  shown: Pick<RowsInView, 'readWindow'>,
  { requestId, format, header, blocks }: CopyRequest,
  signal: AbortSignal,
  tell: (message: Extract<HostMessage, { type: 'copying' }>) => void,
): Promise<Extract<HostMessage, { type: 'copied' }>> {
  let told = Date.now();
  const { copyText } = await import('../../core/arrow/copy/copyText.ts');
  const copied = await copyText({
    columns,
    context: { timeZone, zones: zoneOffsets(zones), ...(textSettings && { textSettings }) },
    blocks,
    format,
    header,
    most: COPY_CHARS,
    signal,
    read: async (firstRow, rows, asked) => {
      const window = { firstRow, rows, columns: asked, whole: true };
      return (await shown.readWindow(window, signal)).ipc;
    },
    onProgress: (cells) => {
      if (Date.now() - told < TELL_EVERY_MS) return;
      told = Date.now();
      tell({ type: 'copying', requestId, cells });
    },
  });
  signal.throwIfAborted();
  if (copied.kind === 'tooLarge') return { type: 'copied', requestId, cells: 0, tooLarge: true };
  await vscode.env.clipboard.writeText(copied.text);
  return { type: 'copied', requestId, cells: copied.cells, tooLarge: false };
}
