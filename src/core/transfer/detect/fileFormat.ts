import { FileError } from '../../client/errors.ts';
import { findFormat, formatSuffix, guessInputFormat } from '../formats.ts';
import { binaryFormatOf, formatMagic, hasControls } from './binaryFormat.ts';
import type { Trust } from './fileCoding.ts';
import { textFormatOf } from './textFormat.ts';

export interface FoundFormat {
  readonly format: string;
  readonly by: 'choice' | 'name' | 'content';
  /** A sentence where the content told it. */
  readonly remark?: string;
}

/** The decoded beginning of a file. */
export interface FileHead {
  /** Undefined: it cannot be decoded here. */
  readonly head: Buffer | undefined;
  /** Its whole lines. */
  readonly text: string;
}

/** Suffixes of files that hold this or that. */
const VAGUE = new Set(['txt', 'json', 'bin']);
/** Formats that take whatever the bytes are. */
const ANY_BYTES = new Set(['RawBLOB', 'One', 'ParquetMetadata', 'Buffers']);

/** False: files of such a name hold this or that. */
export function nameTells(path: string): boolean {
  return guessInputFormat(path) !== undefined && !VAGUE.has(formatSuffix(path) ?? '');
}

/**
 * The format of a file: as chosen, as its bytes prove, as its suffix says, or as its first lines look.
 * @throws FileError: nothing tells (code `FORMAT`), or it begins otherwise than files of its format (`MAGIC`, and
 *   `FORMAT` where another one may be chosen).
 */
export function formatOfFile(
  path: string,
  { head, text }: FileHead,
  { chosen, trust }: { chosen: string | undefined; trust: Trust },
): FoundFormat {
  if (chosen !== undefined) {
    checkMagic(path, head, { format: chosen, code: 'MAGIC' });
    return { format: chosen, by: 'choice' };
  }
  const suffix = formatSuffix(path);
  const info = guessInputFormat(path);
  const named = info?.name;
  const proven = head && binaryFormatOf(head);
  const isOpen = named === undefined || (trust === 'content' && !ANY_BYTES.has(named));
  if (proven !== undefined && proven !== named && isOpen) {
    return {
      format: proven,
      by: 'content',
      remark:
        named === undefined || suffix === undefined
          ? `The name does not tell the format, the content does: ${proven}.`
          : `The name ends in .${suffix}, but the content is ${proven}: it is read as ${proven}.`,
    };
  }
  if (proven !== undefined && trust === 'name' && info?.kind === 'text') {
    const text = `The name of ${path} ends in .${suffix ?? ''}, but the content is ${proven}.`;
    throw new FileError(path, text, 'MAGIC', { hint: 'Rename the file, or say its format.' });
  }
  const looks =
    trust === 'content' && head && !hasControls(head) ? looksLike(text, suffix) : undefined;
  if (!nameTells(path) && looks !== undefined && looks !== named) {
    const isUsual = suffix === 'json' && looks.startsWith('JSON');
    const remark = `The name does not tell the format; the first lines look like ${looks}.`;
    return { format: looks, by: 'content', ...(!isUsual && { remark }) };
  }
  if (named === undefined) {
    throw new FileError(path, `Neither name nor content of ${path} tell its format.`, 'FORMAT', {
      hint: 'Choose the format.',
    });
  }
  checkMagic(path, head, { format: named, code: trust === 'content' ? 'FORMAT' : 'MAGIC' });
  return { format: named, by: 'name' };
}

function looksLike(text: string, suffix: string | undefined): string | undefined {
  const format = textFormatOf(text);
  // Times with fractions give every line of a log a comma.
  return suffix === 'log' && format?.startsWith('CSV') === true ? undefined : format;
}

function checkMagic(
  path: string,
  head: Buffer | undefined,
  { format, code }: { format: string; code: string },
): void {
  const name = findFormat(format)?.name ?? format;
  const magic = formatMagic(name);
  if (magic === undefined || head === undefined) return;
  if (head.toString('latin1', 0, magic.length) === magic) return;
  throw new FileError(path, `${path} does not begin like a ${name} file.`, code, {
    hint: 'The file may be damaged or of another format.',
  });
}

/** Formats to offer first for a file whose format nothing tells, the likeliest first. */
export function likelyFormats({ head, text }: FileHead): string[] {
  if (head === undefined) return [];
  if (hasControls(head)) return ['RowBinary', 'RowBinaryWithNames', 'MsgPack'];
  const looks = textFormatOf(text);
  return [...new Set([...(looks === undefined ? [] : [looks]), 'LineAsString', 'CSVWithNames'])];
}
