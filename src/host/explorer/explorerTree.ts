import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { type Connections, LOCAL_CONNECTION } from '../connections/connections.ts';
import {
  ConnectionNode,
  type ExplorerNode,
  MessageNode,
  type ParentNode,
  isParentNode,
} from './nodes.ts';
import { treeItem } from './treeItems.ts';

/**
 * The tree of the Connections view. It asks a server only for what the user opens, once, outside any
 * editor's session; nothing is open when a window starts, so nothing is asked and no engine started.
 */
export class ExplorerTree implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly onDidChangeTreeData: vscode.Event<ExplorerNode | undefined>;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #connections: Connections;
  readonly #nodes = new Map<string, ConnectionNode>();
  readonly #subscriptions: vscode.Disposable;
  /** Part of all ids: another window's, or an earlier session's, open nodes are not ours. */
  readonly #window = randomUUID();
  #engineRuns = 0;
  #engineWasRunning = false;

  constructor(connections: Connections) {
    this.#connections = connections;
    this.onDidChangeTreeData = this.#changed.event;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      connections.onDidChange(() => {
        this.#changed.fire(undefined);
      }),
      connections.onDidChangeEngine(() => {
        this.#engineChanged();
      }),
    );
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node, {
      engineState: this.#connections.engineState,
      hostsOf: (id) => this.#connections.hostsOf(id),
      idPrefix: ({ connection }) =>
        connection.id === LOCAL_CONNECTION ? `${this.#window}:${this.#engineRuns}` : this.#window,
    });
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    return node.parent;
  }

  getChildren(node?: ExplorerNode): Promise<ExplorerNode[]> | ExplorerNode[] {
    if (!node) return this.#roots();
    if (!isParentNode(node)) return [];
    node.children ??= import('./children.ts').then(({ childrenOf }) =>
      childrenOf(node, this.#connections),
    );
    return node.children;
  }

  /** Asks again for what is below a node, or for everything. */
  refresh(node?: ParentNode): void {
    if (node) {
      node.children = undefined;
    } else {
      this.#nodes.clear();
      this.#connections.reload();
    }
    this.#changed.fire(node);
  }

  /** As `refresh`, for a connection by its id. */
  refreshConnection(id: string): void {
    const node = this.#nodes.get(id);
    if (node) this.refresh(node);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #roots(): ExplorerNode[] {
    const connections = this.#connections.list();
    const nodes = connections.map((connection) => {
      const known = this.#nodes.get(connection.id);
      if (known && JSON.stringify(known.connection) === JSON.stringify(connection)) return known;
      const node = new ConnectionNode(connection);
      this.#nodes.set(connection.id, node);
      return node;
    });
    const { problems } = this.#connections;
    return problems.length === 0 ? nodes : [...nodes, settingsWarning(problems)];
  }

  /** Open nodes of an engine that ended would ask, and thereby start, it again: they are closed. */
  #engineChanged(): void {
    const isRunning = this.#connections.engineState === 'running';
    if (this.#engineWasRunning && !isRunning) {
      this.#nodes.delete(LOCAL_CONNECTION);
      this.#engineRuns += 1;
    }
    this.#engineWasRunning = isRunning;
    this.#changed.fire(undefined);
  }
}

function settingsWarning(problems: readonly string[]): MessageNode {
  return new MessageNode(undefined, {
    label: 'The settings have connections that cannot be used',
    tooltip: problems.join('\n'),
    icon: 'warning',
    command: {
      title: 'Open Settings',
      command: 'workbench.action.openSettings',
      arguments: ['rowhouse.connections'],
    },
  });
}
