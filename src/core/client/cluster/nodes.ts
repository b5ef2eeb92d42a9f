import type { Ask } from '../cancel.ts';
import { UsageError } from '../errors.ts';
import { linesOf } from './askNodes.ts';

/** A replica of a cluster, as the server that was asked has it in its configuration. */
export interface KnownNode {
  /** Its place in the order in which `clusterAllReplicas` counts servers, from 1. */
  readonly number: number;
  /** `host:port` of the native protocol. */
  readonly name: string;
  readonly shard: number;
  readonly replica: number;
  /** It is the server that was asked. */
  readonly isLocal: boolean;
  /** Failures to reach it that the asked server remembers; it forgets them with time. */
  readonly errors: number;
}

const NODES = `SELECT host_name, port, shard_num, replica_num, is_local, errors_count FROM system.clusters
WHERE cluster = {cluster:String} ORDER BY shard_num, replica_num FORMAT TabSeparated`;
const NAMES = 'SELECT DISTINCT cluster FROM system.clusters ORDER BY cluster FORMAT TabSeparated';
const TIMEOUT_MS = 5_000;

/**
 * The replicas of a cluster, by shard. A server that is in several shards comes several times, but is counted once.
 * @throws UsageError when the server knows no such cluster, else RowhouseError.
 */
export async function listNodes(
  ask: Ask,
  cluster: string,
  signal?: AbortSignal,
): Promise<KnownNode[]> {
  const options = { signal, timeoutMs: TIMEOUT_MS };
  const lines = linesOf(await ask(NODES, { cluster }, options));
  if (lines.length === 0) throw await unknownCluster(ask, cluster, options);
  const numbers = new Map<string, number>();
  return lines.map(([host = '', port = '', shard, replica, isLocal, errors]) => {
    const name = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const number = numbers.get(name) ?? numbers.size + 1;
    numbers.set(name, number);
    return {
      ...{ number, name, shard: Number(shard), replica: Number(replica) },
      ...{ isLocal: isLocal === '1', errors: Number(errors) },
    };
  });
}

/** Names of the servers by their numbers. */
export function namesByNumber(nodes: readonly KnownNode[]): Map<number, string> {
  return new Map(nodes.map(({ number, name }) => [number, name]));
}

async function unknownCluster(
  ask: Ask,
  cluster: string,
  options: Parameters<Ask>[2],
): Promise<UsageError> {
  const names = linesOf(await ask(NAMES, {}, options)).map(([name]) => name);
  const hint =
    names.length === 0
      ? 'It knows no cluster at all that this user may see.'
      : `It knows ${names.join(', ')}.`;
  return new UsageError(`The server knows no cluster "${cluster}".`, { hint });
}
