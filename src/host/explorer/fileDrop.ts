import path from 'node:path';
import * as vscode from 'vscode';
import { showError } from '../errors/showError.ts';
import { type DroppedFiles, droppedFiles } from './droppedFiles.ts';
import { isView } from './look.ts';
import { ColumnNode, type ExplorerNode, TableNode } from './nodes.ts';

/** Inserts files into a table after asking; shows its own failures. */
export type InsertDropped = (paths: readonly string[], table: TableNode) => Promise<unknown>;

/** Files dropped on a table of the Connections view are inserted into it. */
export class FileDrop implements vscode.TreeDragAndDropController<ExplorerNode> {
  readonly dragMimeTypes: readonly string[] = [];
  /** `files` lets files of the operating system in; without it the view refuses them. */
  readonly dropMimeTypes = ['text/uri-list', 'files'];
  readonly #insert: InsertDropped;

  constructor(insert: InsertDropped) {
    this.#insert = insert;
  }

  async handleDrop(target: ExplorerNode | undefined, transfer: vscode.DataTransfer): Promise<void> {
    let dropped: DroppedFiles;
    try {
      dropped = await droppedFiles(transfer);
    } catch (error) {
      showError(error, { during: 'The dropped files could not be read' });
      return;
    }
    // The view waits for this handler with a busy bar: the questions and the upload go on without it.
    void this.#handle(target, dropped).finally(() => dropped.release());
  }

  async #handle(target: ExplorerNode | undefined, dropped: DroppedFiles): Promise<void> {
    const refusal = refusalOf(target, dropped);
    if (refusal !== undefined) {
      void vscode.window.showWarningMessage(refusal);
      return;
    }
    const table = target instanceof ColumnNode ? target.parent : target;
    if (table instanceof TableNode) await this.#insert(dropped.paths, table);
  }
}

const SEVERAL =
  'For several files, select them in the file explorer and choose Insert File into Table… in their menu.';

function refusalOf(
  target: ExplorerNode | undefined,
  { paths, refused, unreadable }: DroppedFiles,
): string | undefined {
  const [folder] = refused;
  if (folder !== undefined) {
    return `${path.basename(folder)} is a folder, and folders cannot be inserted. ${SEVERAL}`;
  }
  const [name] = unreadable;
  if (name !== undefined) {
    return `${name} could not be read. If it is a folder: folders cannot be inserted. ${SEVERAL}`;
  }
  if (paths.length === 0) return 'There is no file in what was dropped.';
  const table = target instanceof ColumnNode ? target.parent : target;
  if (!(table instanceof TableNode)) {
    return 'Drop files on a table: open a connection and a database to see its tables.';
  }
  if (!isView(table.table.engine)) return undefined;
  return `${table.table.name} is a view, which takes no rows. Drop files on a table.`;
}
