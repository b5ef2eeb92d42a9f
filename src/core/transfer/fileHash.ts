import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

/** A file that grows beyond this is hashed by a thread of its own; starting one costs more than these bytes. */
const THREAD_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/**
 * The thread's program. As text, because a bundled extension has no second file to load it from. It reads
 * the file back by the open descriptor, where the system still has it in memory.
 */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { readSync } = require('node:fs');
const hash = createHash('sha256');
const buffer = Buffer.allocUnsafe(${READ_BYTES});
let at = 0;
parentPort.on('message', ({ upTo, last }) => {
  while (at < upTo) {
    const read = readSync(workerData.fd, buffer, 0, Math.min(buffer.length, upTo - at), at);
    if (read === 0) throw new Error('The file became shorter while it was written.');
    hash.update(buffer.subarray(0, read));
    at += read;
  }
  if (last) parentPort.postMessage(hash.digest('hex'));
});
`;

/**
 * SHA-256 of a file while it is written. What is hashed is read back from the file, so the sum tells
 * what lies there and not what was meant to.
 */
export class FileHash {
  readonly #file: FileHandle;
  #worker: Worker | undefined;
  #result: Promise<string> | undefined;

  /** @param file open for reading and writing; to be closed after `digest` or `stop` only. */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The file's first `bytes` bytes are written for good. */
  grewTo(bytes: number): void {
    if (bytes < THREAD_BYTES) return;
    this.#thread().postMessage({ upTo: bytes, last: false });
  }

  /** The sum of the first `bytes` bytes, hexadecimal; to be called once. @throws the error of a failed read. */
  async digest(bytes: number): Promise<string> {
    if (this.#worker === undefined) return hashPart(this.#file, bytes);
    this.#worker.postMessage({ upTo: bytes, last: true });
    try {
      return (await this.#result) ?? '';
    } finally {
      await this.stop();
    }
  }

  /** Ends the thread. Never throws. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(PROGRAM, { eval: true, workerData: { fd: this.#file.fd } });
    this.#worker = worker;
    this.#result = new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('The thread that computes the checksum ended.'));
      });
    });
    // A save that fails for another reason never asks for it.
    this.#result.catch(() => undefined);
    return worker;
  }
}

async function hashPart(file: FileHandle, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, Math.max(bytes, 1)));
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), at);
    if (bytesRead === 0) throw new Error('The file became shorter while it was written.');
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest('hex');
}
