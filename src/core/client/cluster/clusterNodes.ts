import type { Ask } from '../cancel.ts';
import type { ClusterNode } from '../cancelSurface.ts';
import { askNodes, linesOf } from './askNodes.ts';
import { listNodes } from './nodes.ts';

/**
 * The nodes of a cluster, each asked whether it answers.
 * @throws UsageError when the server knows no such cluster, else RowhouseError.
 */
export async function clusterNodes(
  ask: Ask,
  cluster: string,
  signal: AbortSignal | undefined,
): Promise<ClusterNode[]> {
  const question = {
    select: 'SELECT _shard_num, hostName(), version(), uptime()',
    table: 'system.one',
    rest: '',
  };
  // First, for its error: it names the clusters that there are.
  const nodes = await listNodes(ask, cluster, signal);
  const answers = await askNodes(ask, cluster, question, {}, signal);
  const byNumber = new Map(linesOf(answers).map((line) => [Number(line[0]), line]));
  return nodes.map(({ number, ...node }) => {
    const [, hostName, version, uptime] = byNumber.get(number) ?? [];
    if (hostName === undefined || version === undefined) return { ...node, answer: undefined };
    return { ...node, answer: { hostName, version, uptimeSec: Number(uptime) } };
  });
}
