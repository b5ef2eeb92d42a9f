import type { Connection } from '../client/connection.ts';
import { UsageError } from '../client/errors.ts';
import type { SaveOptions, SaveReceipt } from '../client/surface.ts';

export function saveTo(
  _connection: Connection,
  _sql: string,
  _path: string,
  _options: SaveOptions,
): Promise<SaveReceipt> {
  return Promise.reject(new UsageError('saveTo is not there yet.'));
}
