import * as vscode from 'vscode';
import { showError } from '../errors/showError.ts';
import { unreadableText } from '../transfer/drop/unreadableText.ts';
import { type DroppedFiles, droppedFiles } from './droppedFiles.ts';
import { isView } from './look.ts';
import { ColumnNode, DatabaseNode, type ExplorerNode, TableNode } from './nodes.ts';

/**
 * Inserts files and folders into a table, or into tables of a database, after asking; shows its own
 * failures.
 */
export type InsertDropped = (
  paths: readonly string[],
  target: TableNode | DatabaseNode,
) => Promise<unknown>;

/** Files and folders dropped on a table or a database of the Connections view are inserted. */
export class FileDrop implements vscode.TreeDragAndDropController<ExplorerNode> {
  readonly dragMimeTypes: readonly string[] = [];
  /** `files` lets files of the operating system in; without it the view refuses them. */
  readonly dropMimeTypes = ['text/uri-list', 'files'];
  readonly #insert: InsertDropped;

  constructor(insert: InsertDropped) {
    this.#insert = insert;
  }

  async handleDrop(target: ExplorerNode | undefined, transfer: vscode.DataTransfer): Promise<void> {
    // Before the bytes are taken: that may take long.
    const refusal = refusalOf(target);
    const place = placeOf(target);
    if (refusal !== undefined || !place) {
      tell(refusal);
      return;
    }
    let dropped: DroppedFiles | undefined;
    try {
      dropped = await droppedFiles(transfer);
    } catch (error) {
      showError(error, { during: 'Nothing was inserted' });
      return;
    }
    // The view waits for this handler with a busy bar: the questions and the upload go on without it.
    if (dropped) void this.#handle(place, dropped);
  }

  async #handle(place: TableNode | DatabaseNode, dropped: DroppedFiles): Promise<void> {
    const { paths, unreadable } = dropped;
    const [name] = unreadable;
    try {
      if (name !== undefined) tell(unreadableText(name));
      else if (paths.length === 0) tell('There is no file in what was dropped.');
      else await this.#insert(paths, place);
    } finally {
      await dropped.release();
    }
  }
}

function tell(text: string | undefined): void {
  if (text !== undefined) void vscode.window.showWarningMessage(text);
}

function placeOf(target: ExplorerNode | undefined): TableNode | DatabaseNode | undefined {
  const place = target instanceof ColumnNode ? target.parent : target;
  return place instanceof TableNode || place instanceof DatabaseNode ? place : undefined;
}

function refusalOf(target: ExplorerNode | undefined): string | undefined {
  const place = placeOf(target);
  if (!place) return 'Drop files on a table or a database: open a connection to see its databases.';
  if (place instanceof DatabaseNode || !isView(place.table.engine)) return undefined;
  return `${place.table.name} is a view, which takes no rows. Drop files on a table.`;
}
