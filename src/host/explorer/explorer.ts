import * as vscode from 'vscode';
import { answersOf, textAnswer } from '../answers.ts';
import { registerCommands } from '../commands/registry.ts';
import type { InsertParts } from '../transfer/insertFiles.ts';
import { ExplorerTree } from './explorerTree.ts';
import { FileDrop } from './fileDrop.ts';
import { DatabaseNode, type ExplorerNode, type TableNode, isParentNode } from './nodes.ts';

/** The Connections view: its tree, its drop target, its refresh. */
export class Explorer implements vscode.Disposable {
  readonly tree: ExplorerTree;
  readonly view: vscode.TreeView<ExplorerNode>;
  readonly #refresh: vscode.Disposable;

  constructor(inserts: InsertParts) {
    const { connections } = inserts;
    this.tree = new ExplorerTree(connections);
    this.view = vscode.window.createTreeView('rowhouse.connections', {
      treeDataProvider: this.tree,
      dragAndDropController: new FileDrop((sources, target) =>
        this.#insert(inserts, sources, target),
      ),
      showCollapseAll: true,
    });
    this.#refresh = registerCommands('explorer', () =>
      Promise.resolve({
        'rowhouse.refreshConnections': (argument) => {
          const id = textAnswer(answersOf(argument), 'id');
          if (id === undefined) this.tree.refresh(isParentNode(argument) ? argument : undefined);
          else this.tree.refreshConnection(id);
        },
      }),
    );
  }

  dispose(): void {
    this.#refresh.dispose();
    this.view.dispose();
    this.tree.dispose();
  }

  async #insert(
    inserts: InsertParts,
    sources: readonly string[],
    node: TableNode | DatabaseNode,
  ): Promise<void> {
    if (node instanceof DatabaseNode) {
      const { insertIntoDatabase } = await import('../transfer/insert/insertIntoDatabase.ts');
      await insertIntoDatabase(inserts, {
        connection: node.parent.connection,
        database: node.database.name,
        sources,
      });
      this.tree.refresh(node);
      return;
    }
    const { connection, table } = node;
    const request = {
      connection,
      sources,
      table: { database: table.database, table: table.name },
      confirm: true,
      // Copies of a browser's files go away with this promise.
      waitForAnswer: true,
    };
    const { insertFiles } = await import('../transfer/insertFiles.ts');
    await insertFiles(inserts, request);
    this.tree.refresh(node.parent);
  }
}
