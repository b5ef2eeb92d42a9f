import { isCancelledError, isUsageError } from '../../core/client/errors.ts';
import type { Client } from '../../core/client/surface.ts';
import { errorMessage } from '../errors/errorParts.ts';

/** What of a profile's cluster cannot be asked, in words. @throws CancelledError */
export async function clusterProblems(
  client: Client,
  cluster: string | undefined,
  signal?: AbortSignal,
): Promise<string[]> {
  if (cluster === undefined) return [];
  try {
    const nodes = await client.clusterNodes({ cluster, ...(signal && { signal }) });
    const silent = nodes.filter(({ answer }) => answer === undefined).map(({ name }) => name);
    if (silent.length === 0) return [];
    return [`nodes of the cluster ${cluster} that do not answer (${silent.join(', ')})`];
  } catch (error) {
    if (isCancelledError(error)) throw error;
    const hint = isUsageError(error) && error.hint !== undefined ? ` ${error.hint}` : '';
    return [`the cluster (${errorMessage(error)}${hint})`];
  }
}
