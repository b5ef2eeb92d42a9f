import { quoteLiteral } from '../../sql/quote.ts';
import type { Ask } from '../cancel.ts';
import { isClickHouseError } from '../errors.ts';
import type { ParameterValues } from '../surface.ts';

/** Marks questions of this library, so that a list of running queries can leave them out. */
export const OURS = '/* rowhouse: about queries */';

/** Nodes that do not answer soon are left out, so that one that is down hides nothing of the others. */
const QUICKLY = `SETTINGS skip_unavailable_shards = 1, connections_with_failover_max_tries = 1,
  connect_timeout_with_failover_ms = 1000, connect_timeout_with_failover_secure_ms = 1000,
  handshake_timeout_ms = 1000, receive_timeout = 2, use_hedged_requests = 0`;
/** A setting is unknown to this version, or this user may not change it. */
const REFUSES_SETTINGS = [115, 164, 452];
const TIMEOUT_MS = 5_000;

/**
 * Asks all nodes of a cluster by way of the server of `ask`; the answer, without a FORMAT, is TabSeparated. A row's
 * `_shard_num` is the `number` that `listNodes` gives its node.
 * @param select up to FROM, without it
 * @param rest what follows the table, for example WHERE and GROUP BY
 * @throws RowhouseError: no such cluster, no right to ask it; a node is down and the user may not change settings.
 */
export async function askNodes(
  ask: Ask,
  cluster: string,
  { select, table, rest }: { select: string; table: string; rest: string },
  params: ParameterValues,
  signal: AbortSignal | undefined,
): Promise<string> {
  const sql = `${OURS} ${select} FROM clusterAllReplicas(${quoteLiteral(cluster)}, ${table}) ${rest}`;
  const options = { signal, timeoutMs: TIMEOUT_MS };
  try {
    return await ask(`${sql} ${QUICKLY} FORMAT TabSeparated`, params, options);
  } catch (error) {
    if (!isClickHouseError(error) || !REFUSES_SETTINGS.includes(error.code)) throw error;
    return ask(`${sql} FORMAT TabSeparated`, params, options);
  }
}

/** Lines of TabSeparated, cut into their values; escapes stay. */
export function linesOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split('\t'));
}
