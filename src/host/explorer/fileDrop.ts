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
    const place = placeOf(target);
    if (place) await this.#insert(dropped.paths, place);
  }
}

function placeOf(target: ExplorerNode | undefined): TableNode | DatabaseNode | undefined {
  const place = target instanceof ColumnNode ? target.parent : target;
  return place instanceof TableNode || place instanceof DatabaseNode ? place : undefined;
}

function refusalOf(
  target: ExplorerNode | undefined,
  { paths, unreadable }: DroppedFiles,
): string | undefined {
  const [name] = unreadable;
  if (name !== undefined) return unreadableText(name);
  if (paths.length === 0) return 'There is no file in what was dropped.';
  const place = placeOf(target);
  if (!place) return 'Drop files on a table or a database: open a connection to see its databases.';
  if (place instanceof DatabaseNode || !isView(place.table.engine)) return undefined;
  return `${place.table.name} is a view, which takes no rows. Drop files on a table.`;
}
