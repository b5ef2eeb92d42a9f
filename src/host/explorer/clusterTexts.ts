import type { ClusterNode } from '../../core/client/cancelSurface.ts';
import { countOf, formatDuration } from '../../shared/humanNumbers.ts';

/** How many replicas a shard has, and how many of them do not answer. */
export function shardDescription(replicas: readonly ClusterNode[]): string {
  const silent = replicas.filter(({ answer }) => answer === undefined).length;
  const all = countOf(replicas.length, 'replica');
  if (silent === 0) return all;
  return silent === replicas.length ? `${all}, none answers` : `${all}, ${silent} did not answer`;
}

/** What stands beside the name of a replica. */
export function replicaDescription({ answer, isLocal, errors }: ClusterNode): string {
  return [
    ...(isLocal ? ['this server'] : []),
    answer === undefined ? 'did not answer' : answer.version,
    ...(errors === 0 ? [] : [countOf(errors, 'error')]),
  ].join(' · ');
}

export function replicaTooltip(replica: ClusterNode): string {
  const { name, shard, replica: number, answer, errors, isLocal } = replica;
  const from = isLocal ? 'The server of this connection' : 'Asked by the server of this connection';
  return [
    name,
    `Shard ${shard}, replica ${number}`,
    ...(answer === undefined
      ? ['It did not answer. Refresh the cluster to ask again.']
      : [
          `Host name ${answer.hostName}`,
          `ClickHouse ${answer.version}, up for ${formatDuration(answer.uptimeSec * 1_000)}`,
        ]),
    from,
    ...(errors === 0 ? [] : [`${countOf(errors, 'failure')} to reach it in the last minutes`]),
  ].join('\n');
}
