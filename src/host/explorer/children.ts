import { isEngineError } from '../../core/engine/errors.ts';
import type { Connections } from '../connections/connections.ts';
import { errorText } from '../errors/errorText.ts';
import { toShownError } from '../results/shownError.ts';
import { listColumns, listDatabases, listTables } from './metadata.ts';
import {
  ClusterNode,
  ColumnNode,
  ConnectionNode,
  DatabaseNode,
  type ExplorerNode,
  MessageNode,
  type ParentNode,
  ReplicaNode,
  ShardNode,
  TableNode,
} from './nodes.ts';

/** What the server has below a node; a failure is a node too. */
export async function childrenOf(
  node: ParentNode,
  connections: Connections,
): Promise<ExplorerNode[]> {
  try {
    const children = await ask(node, connections);
    return children.length > 0 ? children : [emptyNote(node)];
  } catch (error) {
    return failure(node, error);
  }
}

async function ask(node: ParentNode, connections: Connections): Promise<ExplorerNode[]> {
  if (node instanceof ConnectionNode) {
    const databases = await listDatabases(await connections.client(node.connection.id));
    const cluster = node.connection.profile?.cluster;
    return [
      ...(cluster === undefined ? [] : [new ClusterNode(node, cluster)]),
      ...databases.map((database) => new DatabaseNode(node, database)),
    ];
  }
  if (node instanceof ClusterNode) {
    const client = await connections.client(node.parent.connection.id);
    const replicas = await client.clusterNodes({ cluster: node.cluster });
    const shards = [...new Set(replicas.map(({ shard }) => shard))];
    const of = (wanted: number) => replicas.filter(({ shard }) => shard === wanted);
    return shards.map((shard) => new ShardNode(node, shard, of(shard)));
  }
  if (node instanceof ShardNode) {
    return node.replicas.map((replica) => new ReplicaNode(node, replica));
  }
  if (node instanceof DatabaseNode) {
    const client = await connections.client(node.parent.connection.id);
    const tables = await listTables(client, node.database.name);
    return tables.map((table) => new TableNode(node, table));
  }
  const client = await connections.client(node.connection.id);
  const columns = await listColumns(client, node.table.database, node.table.name);
  return columns.map((column) => new ColumnNode(node, column));
}

function emptyNote(node: ParentNode): MessageNode {
  const label = node instanceof DatabaseNode ? 'No tables' : 'Nothing this user may see';
  return new MessageNode(node, { label, tooltip: label, icon: 'info' });
}

function failure(node: ParentNode, error: unknown): MessageNode[] {
  const { full } = errorText(error);
  const { name, message } = toShownError(error);
  const retry = { title: 'Retry', command: 'rowhouse.refreshConnections', arguments: [node] };
  const shown = new MessageNode(node, {
    label: name,
    description: message.split('\n', 1)[0] ?? '',
    tooltip: `${full}\n\nClick to try again.`,
    icon: 'error',
    command: retry,
  });
  const isMissing = isEngineError(error) && error.kind === 'engineNotFound';
  if (!isMissing || process.platform === 'win32') return [shown];
  const install = new MessageNode(node, {
    label: 'Install Local ClickHouse',
    tooltip: 'Installs it with npm, about 570 MB on disk.',
    icon: 'cloud-download',
    command: { title: 'Install', command: 'rowhouse.installLocalEngine' },
  });
  return [shown, install];
}
