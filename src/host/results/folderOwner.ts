import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Holds the id of the process that a folder belongs to, and when that began. */
const OWNER = 'owner';
/** A process that ends with its window writes its last results down within this time. */
const OWNER_WAIT_MS = 30_000;
const OWNER_POLL_MS = 200;

export async function takeOwnership(folder: string): Promise<void> {
  const { pid } = process;
  await writeFile(path.join(folder, OWNER), `${pid} ${await startOf(pid)}`);
}

export async function endOwnership(folder: string): Promise<void> {
  await rm(path.join(folder, OWNER), { force: true });
}

/** Waits for the process of before to end; false when it lives on, as another window of the same workspace. */
export async function ownerEnds(folder: string): Promise<boolean> {
  for (let waited = 0; waited < OWNER_WAIT_MS; waited += OWNER_POLL_MS) {
    if (!(await isOwned(folder))) return true;
    await delay(OWNER_POLL_MS);
  }
  return false;
}

/** Whether another process that lives owns the folder. */
export async function isOwned(folder: string): Promise<boolean> {
  const text = await readFile(path.join(folder, OWNER), 'utf8').catch(() => '');
  const [id = '', start = ''] = text.split(' ');
  const pid = Number(id);
  // This process has one folder, and never asks about it: in a container ids come again after a restart.
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return false;
  return start === '' || start === (await startOf(pid));
}

/** When a process began, in ticks since the system did; empty where the system does not tell (Linux does). */
async function startOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second of its fields is a name in parentheses, the 22nd the start.
  return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
