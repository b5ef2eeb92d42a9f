import { Worker } from 'node:worker_threads';
import { cancelledHere } from '../cancelled.ts';
import { fileError } from '../fileErrors.ts';

/** The thread's program. As text, because a bundled extension has no second file to load it from. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { openSync, readSync, closeSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const bytes = Buffer.alloc(1024 * 1024);
const fd = openSync(workerData, 'r');
for (;;) {
  const read = readSync(fd, bytes, 0, bytes.length, null);
  if (read === 0) break;
  hash.update(bytes.subarray(0, read));
}
closeSync(fd);
parentPort.postMessage(hash.digest('hex'));
`;

/**
 * SHA-256 of a file, hexadecimal, computed in a thread of its own.
 * @throws FileError when it cannot be read; CancelledError once the signal aborts.
 */
export async function fileHash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const worker = new Worker(PROGRAM, { eval: true, workerData: path });
  const stop = (): void => {
    void worker.terminate();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('The thread that reads the file ended.'));
      });
      if (signal?.aborted === true) stop();
    });
  } catch (error) {
    if (signal?.aborted === true) throw cancelledHere('The insert was cancelled.');
    throw fileError(path, `read ${path}`, error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
