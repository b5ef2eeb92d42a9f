import { isClickHouseError, isRowhouseError } from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';
import type { ShownError } from '../../shared/protocol.ts';
import { errorHint, errorMessage } from '../errors/errorParts.ts';

const KIND_NAMES: Readonly<Record<string, string>> = {
  connect: 'No connection',
  wrongPort: 'Wrong port',
  auth: 'Sign-in refused',
  sessionBusy: 'Session busy',
  sessionLost: 'Session lost',
  truncatedResponse: 'Incomplete reply',
  resultTooLarge: 'Result too large',
  parameter: 'Parameter',
  cancelled: 'Cancelled',
  file: 'File',
  protocol: 'Not a ClickHouse reply',
  timeout: 'No answer in time',
  engineNotFound: 'No local ClickHouse',
  engineDataInUse: 'Data directory in use',
  engineStartFailed: 'Local ClickHouse did not start',
  engineStartTimeout: 'Local ClickHouse did not answer',
};

/** Any failure as the results view shows it: code and name on a line of their own. */
export function toShownError(error: unknown): ShownError {
  const message = errorMessage(error);
  const hint = errorHint(error);
  const withHint = hint === undefined ? {} : { hint };
  if (isClickHouseError(error)) {
    const { code, errorName } = error;
    return { code, name: errorName ?? 'ClickHouse error', message, ...withHint };
  }
  if (isRowhouseError(error) || isEngineError(error)) {
    return { name: KIND_NAMES[error.kind] ?? 'Error', message, ...withHint };
  }
  return { name: 'Error', message };
}
