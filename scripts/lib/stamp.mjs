import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Fills `folder` by `make(folder)` unless it already holds exactly `want`.
 * The stamp is written last, so that an interrupted run starts afresh.
 */
export async function once(folder, want, make) {
  const stamp = join(folder, '.ready');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) return false;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await make(folder);
  writeFileSync(stamp, want);
  return true;
}
