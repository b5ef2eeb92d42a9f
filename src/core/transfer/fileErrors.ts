import { FileError } from '../client/errors.ts';

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Free some space or choose another place.',
  EDQUOT: 'The disk quota is used up. Choose another place.',
  EFBIG: 'The file system does not take files of this size. Choose another place.',
  EACCES: 'You have no right for this place. Choose another one.',
  EPERM: 'You have no right for this place. Choose another one.',
  EROFS: 'The file system is read-only. Choose another place.',
  ENOENT: 'The folder or file does not exist.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  EISDIR: 'This is a folder. Give the name of a file.',
  ENAMETOOLONG: 'The name is too long for the file system.',
  EBUSY: 'Another program uses the file.',
};

/** Node's `, open '/x.csv.partial'`: which call it was helps nobody, and the file has another name then. */
const CALL = /, \w+(?: '[^']*'(?: -> '[^']*')?)?$/;

/** The typed error for a failed file operation. `doing` completes "Cannot …", for example "write x.csv". */
export function fileError(path: string, doing: string, cause: unknown): FileError {
  const code = systemCode(cause);
  const reason = (cause instanceof Error ? cause.message : String(cause)).replace(CALL, '');
  return new FileError(path, `Cannot ${doing}: ${reason}.`, code, {
    cause,
    hint: code === undefined ? undefined : HINTS[code],
  });
}

/** The code of a system error, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
