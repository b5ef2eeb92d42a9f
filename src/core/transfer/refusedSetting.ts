import { isClickHouseError, UsageError } from '../client/errors.ts';
import type { Settings } from '../client/surface.ts';
import { limitSettings } from './options/wholeFile.ts';

/** READONLY, SETTING_CONSTRAINT_VIOLATION: raised before a statement runs. */
const REFUSED: readonly number[] = [164, 452];

/**
 * What to tell where a user may not change a setting that the file needs, such as one with `readonly = 1`; any
 * other error as it is. Without the setting the file would be another one than was asked for, or lack rows.
 * @param settings those that were sent
 */
export function refusedSetting(error: unknown, format: string, settings: Settings = {}): unknown {
  if (!isClickHouseError(error) || !REFUSED.includes(error.code)) return error;
  const words = new Set(error.message.match(/\w+/g));
  const name = Object.keys(settings).find((one) => words.has(one));
  if (name === undefined) return error;
  const isLimit = name in limitSettings(format);
  const reason = isLimit
    ? `${format} lacks rows or cuts values`
    : 'the file would not be as chosen';
  return new UsageError(
    `This user may not change the setting ${name}, without which ${reason}. The statement was not run.`,
    {
      cause: error,
      hint: isLimit
        ? 'Save in another format, such as CSV, or as a user who may change settings.'
        : 'Leave out the option that stands for it, or save as a user who may change settings.',
    },
  );
}
