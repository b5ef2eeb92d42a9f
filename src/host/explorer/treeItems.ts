import * as vscode from 'vscode';
import { connectionFacts } from '../connections/connectionFacts.ts';
import type { Connections, EngineAccess } from '../connections/connections.ts';
import { connectionIcon } from '../connections/marks.ts';
import {
  columnIcon,
  columnMarks,
  columnTooltip,
  isView,
  tableDescription,
  tableIcon,
} from './look.ts';
import { replicaDescription, replicaTooltip, shardDescription } from './clusterTexts.ts';
import {
  ClusterNode,
  type ColumnNode,
  ConnectionNode,
  DatabaseNode,
  type ExplorerNode,
  type MessageNode,
  ReplicaNode,
  ShardNode,
  TableNode,
  pathOf,
} from './nodes.ts';

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

const ENGINE_STATES: Readonly<Record<EngineAccess['state'], string>> = {
  stopped: 'starts when needed',
  starting: 'starting…',
  running: 'running',
  missing: 'not installed',
};

export interface TreeItemContext {
  readonly engineState: EngineAccess['state'];
  /** Of a connection with several hosts that is in use. */
  readonly hostsOf: Connections['hostsOf'];
  /** VS Code opens again what was open under the same id; a new one makes nodes start closed. */
  readonly idPrefix: (node: ConnectionNode) => string;
}

function connectionItem({ connection }: ConnectionNode, context: TreeItemContext): vscode.TreeItem {
  const item = new vscode.TreeItem(connection.name, Collapsed);
  const { profile } = connection;
  if (profile) {
    item.contextValue = 'connection.server';
    item.iconPath = connectionIcon(connection);
    const hosts = context.hostsOf(connection.id);
    const inUse = hosts?.find((host) => host.inUse)?.url ?? profile.url;
    item.description = inUse.replace(/^https?:\/\/|\/$/g, '');
    item.tooltip = connectionFacts(profile, hosts);
  } else {
    item.contextValue = 'connection.local';
    item.iconPath = connectionIcon(connection);
    item.description = ENGINE_STATES[context.engineState];
    item.tooltip = 'A real ClickHouse on this machine, started when it is needed.';
  }
  return item;
}

function databaseItem({ database }: DatabaseNode): vscode.TreeItem {
  const item = new vscode.TreeItem(database.name, Collapsed);
  item.contextValue = 'database';
  item.iconPath = new vscode.ThemeIcon('database');
  item.tooltip = `Database ${database.name} (${database.engine})`;
  return item;
}

function tableItem({ table }: TableNode): vscode.TreeItem {
  const item = new vscode.TreeItem(table.name, Collapsed);
  item.contextValue = isView(table.engine) ? 'view' : 'table';
  item.iconPath = new vscode.ThemeIcon(tableIcon(table.engine));
  item.description = tableDescription(table);
  const comment = table.comment === '' ? '' : `\n\n${table.comment}`;
  item.tooltip = `${table.database}.${table.name}\n${tableDescription(table)}${comment}`;
  return item;
}

function columnItem({ column }: ColumnNode): vscode.TreeItem {
  const item = new vscode.TreeItem(column.name, None);
  item.contextValue = 'column';
  item.iconPath = new vscode.ThemeIcon(columnIcon(column));
  item.description = [column.type, ...columnMarks(column)].join(' · ');
  item.tooltip = columnTooltip(column);
  return item;
}

function clusterItem({ cluster }: ClusterNode): vscode.TreeItem {
  const item = new vscode.TreeItem(`Cluster ${cluster}`, Collapsed);
  item.contextValue = 'cluster';
  item.iconPath = new vscode.ThemeIcon('server-environment');
  item.tooltip = `Shards and replicas of the cluster ${cluster}`;
  return item;
}

function shardItem({ shard, replicas }: ShardNode): vscode.TreeItem {
  const item = new vscode.TreeItem(`Shard ${shard}`, vscode.TreeItemCollapsibleState.Expanded);
  item.contextValue = 'shard';
  item.iconPath = new vscode.ThemeIcon('layers');
  item.description = shardDescription(replicas);
  return item;
}

function replicaItem({ replica }: ReplicaNode): vscode.TreeItem {
  const item = new vscode.TreeItem(replica.name, None);
  item.contextValue = 'replica';
  item.iconPath = replica.answer
    ? new vscode.ThemeIcon('server')
    : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.description = replicaDescription(replica);
  item.tooltip = replicaTooltip(replica);
  return item;
}

function messageItem({ message }: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(message.label, None);
  item.contextValue = 'message';
  const color = message.icon === 'error' ? new vscode.ThemeColor('errorForeground') : undefined;
  item.iconPath = new vscode.ThemeIcon(message.icon, color);
  item.tooltip = message.tooltip;
  if (message.description !== undefined) item.description = message.description;
  if (message.command) item.command = message.command;
  return item;
}

function plainItem(node: ExplorerNode, context: TreeItemContext): vscode.TreeItem {
  if (node instanceof ConnectionNode) return connectionItem(node, context);
  if (node instanceof DatabaseNode) return databaseItem(node);
  if (node instanceof TableNode) return tableItem(node);
  if (node instanceof ClusterNode) return clusterItem(node);
  if (node instanceof ShardNode) return shardItem(node);
  if (node instanceof ReplicaNode) return replicaItem(node);
  return 'column' in node ? columnItem(node) : messageItem(node);
}

function connectionOf(node: ExplorerNode): ConnectionNode | undefined {
  return node instanceof ConnectionNode ? node : node.parent && connectionOf(node.parent);
}

/** A node as VS Code draws it. Names from a server appear as plain text only. */
export function treeItem(node: ExplorerNode, context: TreeItemContext): vscode.TreeItem {
  const item = plainItem(node, context);
  const connection = connectionOf(node);
  const prefix = connection ? context.idPrefix(connection) : '';
  item.id = JSON.stringify([prefix, ...pathOf(node)]);
  return item;
}
