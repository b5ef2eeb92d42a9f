import { isClickHouseError, UsageError } from '../client/errors.ts';
import type { Settings } from '../client/surface.ts';
import { limitSettings } from './options/wholeFile.ts';

/** READONLY, SETTING_CONSTRAINT_VIOLATION: raised before a statement runs. */
const REFUSED: readonly number[] = [164, 452];
/** Sent with every request for a compressed file; older servers have it off by default. */
const COMPRESSES = 'enable_http_compression';

/**
 * What to tell where a user may not change a setting that the file needs, such as one with `readonly = 1`; any
 * other error as it is. Without the setting the file would be another one than was asked for, or lack rows.
 * @param sent how the file was asked for
 */
export function refusedSetting(
  error: unknown,
  { format, settings = {} }: { readonly format: string; readonly settings?: Settings },
): unknown {
  if (!isClickHouseError(error) || !REFUSED.includes(error.code)) return error;
  const words = new Set(error.message.match(/\w+/g));
  const name = [COMPRESSES, ...Object.keys(settings)].find((one) => words.has(one));
  if (name === undefined) return error;
  const [loss, remedy] = lossWithout(name, format);
  return new UsageError(
    `This user may not change the setting ${name}, without which ${loss}. The statement was not run.`,
    { cause: error, hint: `${remedy}, or save as a user who may change settings.` },
  );
}

function lossWithout(name: string, format: string): readonly [loss: string, remedy: string] {
  if (name === COMPRESSES) {
    return ['this server does not compress', 'Save without compression'];
  }
  if (name in limitSettings(format)) {
    return [`${format} lacks rows or cuts values`, 'Save in another format, such as CSV'];
  }
  return ['the file would not be as chosen', 'Leave out the option that stands for it'];
}
