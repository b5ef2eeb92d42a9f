import { ClickHouseError, RowhouseError } from '../../client/errors.ts';

/** True when the server itself answered with an error, as opposed to not being reached or losing the session. */
export function isRefused(error: unknown): boolean {
  return (
    error instanceof RowhouseError && (error.kind === 'clickhouse' || error.kind === 'timeout')
  );
}

/** UNKNOWN_SETTING, READONLY, SETTING_CONSTRAINT_VIOLATION: raised before a statement runs. */
const SETTING_CODES: readonly number[] = [115, 164, 452];

/** True when the server would not take one of the settings. */
export function isSettingRefused(error: unknown): boolean {
  return error instanceof ClickHouseError && SETTING_CODES.includes(error.code);
}
