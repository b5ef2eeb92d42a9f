import { codingOfName, suffixOfCoding } from '../../../core/transfer/codings.ts';
import {
  FORMATS,
  type FormatInfo,
  findFormat,
  formatSuffix,
  suffixOfFormat,
} from '../../../core/transfer/formats.ts';
import type { SaveCompression } from './saveArguments.ts';

/** Names of devices, which Windows takes for no file whatever their suffix. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const WINDOWS_ILLEGAL = /[<>:"|?*\u0001-\u001f]/;

/** Why no file can have this name, as a sentence; undefined when it can. */
export function illegalName(name: string, platform: NodeJS.Platform): string | undefined {
  if (name === '' || name === '.' || name === '..') return 'The place has no file name.';
  if (name.includes('\0')) return 'A file name cannot have a NUL character in it.';
  if (platform !== 'win32') return undefined;
  const illegal = WINDOWS_ILLEGAL.exec(name)?.[0];
  if (illegal !== undefined) {
    const shown = illegal < ' ' ? 'a control character' : illegal;
    return `A file name on Windows cannot have ${shown} in it.`;
  }
  if (WINDOWS_DEVICE.test(name)) return `${name} is the name of a device on Windows.`;
  if (/[. ]$/.test(name)) return 'A file name on Windows cannot end with a dot or a space.';
  return undefined;
}

/** Formats of one kind of file go by each other's suffixes: any JSON may be called `.json`. */
const KINDS: readonly (readonly [kind: string, names: RegExp])[] = [
  ['JSON', /JSON/],
  ['CSV', /^CSV/],
  ['TSV', /^(TabSeparated|TSKV)/],
  ['Arrow', /^Arrow/],
  ['SQL', /^(SQLInsert|Values)$/],
  ['Protobuf', /^Protobuf/],
  ['Avro', /^Avro/],
];
/** What their bytes are like is decided by settings or by the value, so they go by any suffix. */
const FREE =
  /^(Template|CustomSeparated|RawBLOB|LineAsString|TabSeparatedRaw|Prometheus|Hash|Null)/;
/** Suffixes that say no more than text or bytes. */
const PLAIN = ['txt', 'bin'];

function kindOf({ name }: FormatInfo): string {
  return KINDS.find(([, names]) => names.test(name))?.[0] ?? name;
}

/**
 * The format that a file of this name is taken for, when that is another kind of file than `format` makes.
 * Undefined: the name fits, or says nothing.
 */
export function otherFormatOfName(fileName: string, format: string): FormatInfo | undefined {
  const info = findFormat(format);
  const suffix = formatSuffix(fileName);
  if (!info || suffix === undefined || FREE.test(info.name)) return undefined;
  if (PLAIN.includes(suffix)) return undefined;
  const owners = FORMATS.filter(({ suffixes, output }) => output && suffixes.includes(suffix));
  return owners.some((owner) => kindOf(owner) === kindOf(info)) ? undefined : owners[0];
}

/** The suffixes that a file of this format and compression has, joined. */
export function suffixOf(format: string, compression: SaveCompression): string {
  const own = suffixOfFormat(format);
  return compression === 'none' ? own : `${own}.${suffixOfCoding(compression)}`;
}

/** A name without the suffix of its compression. */
export function withoutCoding(name: string): string {
  return codingOfName(name) === undefined ? name : name.replace(/\.[^.]+$/, '');
}

/** `name` with the suffix of its format replaced by that of `format`; the compression stays. */
export function renamedTo(name: string, format: string): string {
  const coding = codingOfName(name) ?? 'none';
  const stem = withoutCoding(name).replace(/\.[^.]+$/, '');
  return `${stem}.${suffixOf(format, coding)}`;
}
