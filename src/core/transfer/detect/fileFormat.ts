import { FileError } from '../../client/errors.ts';
import { findFormat, formatSuffix, guessInputFormat } from '../formats.ts';
import { binaryFormatOf, formatMagic, hasControls } from './binaryFormat.ts';
import type { Trust } from './fileCoding.ts';
import { type OtherFormat, otherFormat } from './otherFormat.ts';
import { textFormatOf } from './textFormat.ts';

export interface FoundFormat {
  readonly format: string;
  readonly by: 'choice' | 'name' | 'content';
  /** A sentence where the content told it. */
  readonly remark?: string;
  /** What the first lines look like, where the name says something else and counts. */
  readonly other?: OtherFormat | undefined;
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
  const isOpen = named === undefined || (trust !== 'name' && !ANY_BYTES.has(named));
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
    trust !== 'name' && head && !hasControls(head) ? looksLike(text, suffix) : undefined;
  if (!nameTells(path) && looks !== undefined && looks !== named) {
    return { format: looks, by: 'content', ...remarkOf(looks, suffix) };
  }
  if (named === undefined) {
    throw new FileError(path, `Neither name nor content of ${path} tell its format.`, 'FORMAT', {
      hint: 'Choose the format.',
    });
  }
  checkMagic(path, head, { format: named, code: trust === 'name' ? 'MAGIC' : 'FORMAT' });
  const other = otherFormat(text, { named, looks, suffix: suffix ?? '' });
  if (other && trust === 'lines') return { ...other, by: 'content' };
  return { format: named, by: 'name', other };
}

/** How a format was found by the first lines of a file whose name does not tell it; JSON in `.json` is no news. */
function remarkOf(looks: string, suffix: string | undefined): { remark?: string } {
  if (suffix !== 'json' || !looks.startsWith('JSON')) {
    return { remark: `The name does not tell the format; the first lines look like ${looks}.` };
  }
  if (!looks.includes('WithNames')) return {};
  return { remark: `The first line names the columns: it is read as ${looks}.` };
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
