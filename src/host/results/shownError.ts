import { isClickHouseError, isRowhouseError } from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';
import type { ShownError } from '../../shared/protocol.ts';

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

/** The view shows code and name on a line of their own. */
const CODE_PREFIX = /^(?:\w+ \(\d+\)|Code \d+): /;

/** Any failure as the results view shows it. */
export function toShownError(error: unknown): ShownError {
  if (isClickHouseError(error)) {
    const { code, errorName, message, hint } = error;
    return {
      code,
      name: errorName ?? 'ClickHouse error',
      message: message.replace(CODE_PREFIX, ''),
      ...(hint !== undefined && { hint }),
    };
  }
  if (isRowhouseError(error) || isEngineError(error)) {
    const { kind, message, hint } = error;
    return {
      name: KIND_NAMES[kind] ?? 'Error',
      message,
      ...(hint !== undefined && hint !== '' && { hint }),
    };
  }
  return { name: 'Error', message: error instanceof Error ? error.message : String(error) };
}
