import type * as vscode from 'vscode';
import type { ClusterNode as Replica } from '../../core/client/cancelSurface.ts';
import type { Connection } from '../connections/connections.ts';
import type { ColumnInfo, DatabaseInfo, TableInfo } from './metadata.ts';

/** A row of the Connections view. Its children are asked for once and kept until they are refreshed. */
interface Parent {
  children: Promise<ExplorerNode[]> | undefined;
}

export class ConnectionNode implements Parent {
  readonly connection: Connection;
  readonly parent = undefined;
  children: Promise<ExplorerNode[]> | undefined;

  constructor(connection: Connection) {
    this.connection = connection;
  }
}

export class DatabaseNode implements Parent {
  readonly parent: ConnectionNode;
  readonly database: DatabaseInfo;
  children: Promise<ExplorerNode[]> | undefined;

  constructor(parent: ConnectionNode, database: DatabaseInfo) {
    this.parent = parent;
    this.database = database;
  }
}

/** A table or a view. */
export class TableNode implements Parent {
  readonly parent: DatabaseNode;
  readonly table: TableInfo;
  children: Promise<ExplorerNode[]> | undefined;

  constructor(parent: DatabaseNode, table: TableInfo) {
    this.parent = parent;
    this.table = table;
  }

  get connection(): Connection {
    return this.parent.parent.connection;
  }
}

export class ColumnNode {
  readonly parent: TableNode;
  readonly column: ColumnInfo;

  constructor(parent: TableNode, column: ColumnInfo) {
    this.parent = parent;
    this.column = column;
  }
}

/** The cluster that a connection's profile names. */
export class ClusterNode implements Parent {
  readonly parent: ConnectionNode;
  readonly cluster: string;
  children: Promise<ExplorerNode[]> | undefined;

  constructor(parent: ConnectionNode, cluster: string) {
    this.parent = parent;
    this.cluster = cluster;
  }
}

export class ShardNode implements Parent {
  readonly parent: ClusterNode;
  readonly shard: number;
  readonly replicas: readonly Replica[];
  children: Promise<ExplorerNode[]> | undefined;

  constructor(parent: ClusterNode, shard: number, replicas: readonly Replica[]) {
    this.parent = parent;
    this.shard = shard;
    this.replicas = replicas;
  }
}

export class ReplicaNode {
  readonly parent: ShardNode;
  readonly replica: Replica;

  constructor(parent: ShardNode, replica: Replica) {
    this.parent = parent;
    this.replica = replica;
  }
}

export interface Message {
  readonly label: string;
  readonly description?: string;
  readonly tooltip: string;
  readonly icon: 'error' | 'warning' | 'info' | 'cloud-download';
  readonly command?: vscode.Command;
}

/** A line in place of children: an error with a retry, or that there is nothing. */
export class MessageNode {
  readonly parent: ParentNode | undefined;
  readonly message: Message;

  constructor(parent: ParentNode | undefined, message: Message) {
    this.parent = parent;
    this.message = message;
  }
}

export type ParentNode = ConnectionNode | DatabaseNode | TableNode | ClusterNode | ShardNode;
export type ExplorerNode = ParentNode | ColumnNode | ReplicaNode | MessageNode;

export function isParentNode(value: unknown): value is ParentNode {
  return (
    value instanceof ConnectionNode ||
    value instanceof DatabaseNode ||
    value instanceof TableNode ||
    value instanceof ClusterNode ||
    value instanceof ShardNode
  );
}

/** Names on the way to a node: connection, database, table, column; or cluster, shard, replica. */
export function pathOf(node: ExplorerNode): string[] {
  const above = node.parent ? pathOf(node.parent) : [];
  if (node instanceof ConnectionNode) return [...above, node.connection.id];
  if (node instanceof DatabaseNode) return [...above, node.database.name];
  if (node instanceof TableNode) return [...above, node.table.name];
  if (node instanceof ColumnNode) return [...above, node.column.name];
  // Two parts, so that no database of the same name has the same path.
  if (node instanceof ClusterNode) return [...above, 'cluster', node.cluster];
  if (node instanceof ShardNode) return [...above, String(node.shard)];
  if (node instanceof ReplicaNode) return [...above, String(node.replica.replica)];
  return [...above, 'message', node.message.label];
}
