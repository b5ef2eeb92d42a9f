import type { Connection } from '../client/connection.ts';
import { UsageError } from '../client/errors.ts';
import type { InsertFileOptions, InsertSummary } from '../client/surface.ts';

export function insertFile(
  _connection: Connection,
  _options: InsertFileOptions,
): Promise<InsertSummary> {
  return Promise.reject(new UsageError('insertFile is not there yet.'));
}
