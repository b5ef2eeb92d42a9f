import { FileError } from '../../../../core/client/errors.ts';
import type {
  ContentCoding,
  InsertFileOptions,
  Settings,
} from '../../../../core/client/surface.ts';
import { codingOfName } from '../../../../core/transfer/codings.ts';
import { nameTells } from '../../../../core/transfer/detect/fileFormat.ts';
import { formatSuffix } from '../../../../core/transfer/formats.ts';
import type { FileToInsert } from '../../../../core/transfer/insertMany.ts';
import type { FileKind } from './fileKinds.ts';

/** What the page decided about the files of a kind. */
export interface DecidedKind {
  readonly kind: FileKind;
  readonly columns: Pick<InsertFileOptions, 'columns' | 'mapping'>;
  /** Beyond what the kind's plan says. */
  readonly settings: Settings;
  /** Those among them that leave the file's format and columns as they are found. */
  readonly mereSettings: Settings;
}

/**
 * A file that nobody looked at before the insert, as the page decided about those like it. Where nothing but
 * mere settings was decided, it is looked at when its turn comes. A file that may be of several kinds cannot be
 * inserted, if one of them was changed: a guess could put its columns in wrong places.
 */
export function unplannedFile(file: FileToInsert, decided: readonly DecidedKind[]): FileToInsert {
  const alike = decided.filter(({ kind }) => isAlike(file, kind.plan.path));
  const [first = decided[0], ...others] = alike;
  if (file.problem !== undefined || !first) return file;
  const contentEncoding = untoldCoding(file, alike);
  if (!alike.some(isChanged)) {
    const formats = untoldFormats(file, alike);
    if (formats.length > 1) {
      return { ...file, problem: severalKinds(file.path, formats.length) };
    }
    return {
      ...file,
      ...(formats[0] !== undefined && { format: formats[0] }),
      ...(contentEncoding && { contentEncoding }),
      choices: { settings: first.mereSettings },
    };
  }
  if (others.length > 0) return { ...file, problem: severalKinds(file.path, alike.length) };
  const { plan } = first.kind;
  const settings = {
    ...plan.settings,
    ...(plan.extra.length > 0 && { input_format_skip_unknown_fields: 1 }),
    ...first.settings,
  };
  return {
    ...file,
    format: plan.format,
    ...(contentEncoding && { contentEncoding }),
    choices: { ...first.columns, settings },
  };
}

/** The formats of those like a file, where its own name does not tell how it is to be read. */
function untoldFormats({ path, format }: FileToInsert, alike: readonly DecidedKind[]): string[] {
  const plans = alike.map(({ kind }) => kind.plan);
  const isTold = nameTells(path) && plans.some(({ formatBy }) => formatBy === 'name');
  if (format !== undefined || isTold) return [];
  return [...new Set(plans.map((plan) => plan.format))];
}

/** The compression of those like a file, where their names do not tell it. */
function untoldCoding(
  { path }: FileToInsert,
  alike: readonly DecidedKind[],
): ContentCoding | undefined {
  const [coding, ...others] = new Set(alike.map(({ kind }) => kind.plan.coding));
  return others.length === 0 && coding !== codingOfName(path) ? coding : undefined;
}

function isAlike({ path, format }: FileToInsert, other: string): boolean {
  if (codingOfName(path) !== codingOfName(other)) return false;
  return format !== undefined || formatSuffix(path) === formatSuffix(other);
}

function isChanged({ kind, columns }: DecidedKind): boolean {
  const { format, delimiter, noHeader } = kind;
  const isReadOtherwise = format !== undefined || delimiter !== undefined || noHeader;
  return isReadOtherwise || Object.keys(columns).length > 0;
}

function severalKinds(path: string, count: number): FileError {
  const text = `${path} was not looked at before, and files of its name are read in ${count} ways.`;
  return new FileError(path, text, 'KIND', {
    hint: 'Nothing of it was sent. Insert it again, with fewer files at once.',
  });
}
