import { RowhouseError } from '../../client/errors.ts';

export type SpoolFailure = 'diskFull' | 'io' | 'damaged' | 'disposed';

/** Writing or reading the spool file of a result failed; the query itself is not at fault. */
export class SpoolError extends RowhouseError {
  readonly reason: SpoolFailure;
  readonly path: string;

  constructor(reason: SpoolFailure, path: string, message: string, cause?: unknown) {
    super('file', message, { cause, hint: HINTS[reason] });
    this.reason = reason;
    this.path = path;
  }
}

const HINTS: Readonly<Record<SpoolFailure, string>> = {
  diskFull: 'Free some disk space, or save the result straight to a file on another disk.',
  io: 'Check that the folder for temporary results can be written and read.',
  damaged: 'Run the query again.',
  disposed: 'Run the query again.',
};

/** A file system error of the spool as a SpoolError. */
export function spoolFailure(path: string, doing: 'write' | 'read', error: unknown): SpoolError {
  if (error instanceof SpoolError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = `The disk is full: the result could not be kept in ${path}. The rows so far can be read.`;
    return new SpoolError('diskFull', path, message, error);
  }
  const detail = error instanceof Error ? error.message : String(error);
  return new SpoolError('io', path, `Cannot ${doing} the result file ${path}: ${detail}`, error);
}
