import { FileError } from '../../client/errors.ts';
import type { ContentCoding } from '../../client/surface.ts';
import { codingOfBytes, codingOfName, fitsCoding, hasMagic } from '../codings.ts';
import { formatSuffix } from '../formats.ts';
import { binaryFormatOf, hasControls } from './binaryFormat.ts';

/**
 * How far the content of a file is believed. `name`: where the name tells, the bytes must agree, and where it does
 * not, only what they prove counts. `content`: what they prove wins over the name, and what the first lines look
 * like counts where the name tells nothing. `lines`: what the first lines look like wins over the name, too.
 */
export type Trust = 'name' | 'content' | 'lines';

export interface FoundCoding {
  readonly coding: ContentCoding | undefined;
  /** A sentence about a name that says something else. */
  readonly remark?: string;
}

const PEEK_BYTES = 16;

/**
 * How a file is compressed.
 * @param start the first bytes as they lie there
 * @throws FileError (code `MAGIC`) for archives, and where the bytes contradict what was chosen or is trusted.
 */
export function codingOfFile(
  path: string,
  start: Buffer,
  { chosen, trust }: { chosen: ContentCoding | 'none' | undefined; trust: Trust },
): FoundCoding {
  checkZip(path, start);
  if (chosen === 'none') return { coding: undefined };
  const named = chosen ?? codingOfName(path);
  const head = start.subarray(0, PEEK_BYTES);
  const proven = codingOfBytes(head);
  const fits = named === undefined || start.length === 0 || fitsCoding(head, named);
  if (fits && (named !== undefined || proven === undefined)) return { coding: named };
  if (chosen === undefined && trust !== 'name') {
    if (proven !== undefined) {
      return {
        coding: proven,
        remark: `The name does not say so, but it is ${proven}-compressed.`,
      };
    }
    if (named !== undefined && hasMagic(named) && isPlain(start)) {
      return { coding: undefined, remark: `The name says ${named}, but it is not compressed.` };
    }
  }
  throw proven === undefined || named !== undefined
    ? new FileError(path, `${path} is not compressed with ${named ?? ''}.`, 'MAGIC', {
        hint: 'Rename the file, or choose the right compression.',
      })
    : new FileError(
        path,
        `${path} is compressed with ${proven}, but its name does not say so.`,
        'MAGIC',
        { hint: `Rename the file, or choose the compression ${proven}.` },
      );
}

function isPlain(start: Buffer): boolean {
  return !hasControls(start) || binaryFormatOf(start) !== undefined;
}

const OFFICE = /^(?:xlsx|xlsm|ods)$/;

function checkZip(path: string, start: Buffer): void {
  const suffix = formatSuffix(path) ?? '';
  if (start.toString('latin1', 0, 4) !== 'PK\x03\x04' || suffix === 'npz') return;
  throw OFFICE.test(suffix)
    ? new FileError(path, `${path} is a workbook, which ClickHouse does not read.`, 'MAGIC', {
        hint: 'Save the sheet as CSV in UTF-8.',
      })
    : new FileError(path, `${path} is a ZIP archive, which ClickHouse does not read.`, 'MAGIC', {
        hint: 'Unpack it first.',
      });
}

const TAR_MARK_AT = 257;

/** @throws FileError (code `MAGIC`) for a tar archive, whose headers would be read as data. */
export function checkTar(path: string, head: Buffer | undefined): void {
  if (head?.toString('latin1', TAR_MARK_AT, TAR_MARK_AT + 5) !== 'ustar') return;
  throw new FileError(path, `${path} is a tar archive, which ClickHouse does not read.`, 'MAGIC', {
    hint: 'Unpack it first.',
  });
}
