import type { Client } from '../../core/client/surface.ts';
import { withProgress } from '../progress.ts';
import type { Connections } from './connections.ts';

type Connecting = Pick<Connections, 'get' | 'client'>;

/**
 * Waits for a connection on behalf of something that shows no progress of its own yet: a server that does not answer
 * can be left at once.
 * @throws CancelledError as soon as Cancel is pressed; what `connect` throws
 */
export function whileConnecting<T>(
  connections: Pick<Connecting, 'get'>,
  id: string,
  connect: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withProgress(`Connecting to ${connections.get(id)?.name ?? id}`, connect);
}

/** The client of a connection, as `whileConnecting`. */
export function clientShown(connections: Connecting, id: string): Promise<Client> {
  return whileConnecting(connections, id, (signal) => connections.client(id, { signal }));
}
