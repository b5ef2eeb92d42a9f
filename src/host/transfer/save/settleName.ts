import path from 'node:path';
import * as vscode from 'vscode';
import { codingOfName, suffixOfCoding } from '../../../core/transfer/codings.ts';
import { formatSuffix, suffixOfFormat } from '../../../core/transfer/formats.ts';
import { formatLabel } from '../formatChoices.ts';
import { otherFormatOfName, renamedTo, suffixOf, withoutCoding } from './fileNameProblems.ts';
import { compressionLabel } from './optionTexts.ts';
import { isLoneFile } from './place.ts';
import type { SaveCompression } from './saveArguments.ts';

/** What is to be written, as far as the file's name has to fit it. */
export interface Wanted {
  readonly format: string;
  /** Undefined: by the file's name. */
  readonly compression: SaveCompression | undefined;
}

export const nameOf = (uri: vscode.Uri): string => path.posix.basename(uri.path);
const renamed = (uri: vscode.Uri, name: string): vscode.Uri =>
  uri.with({ path: path.posix.join(path.posix.dirname(uri.path), name) });

/** Asks with buttons; undefined when the user turned away. */
export async function question(
  text: string,
  detail: string,
  ...answers: string[]
): Promise<string | undefined> {
  return vscode.window.showWarningMessage(text, { modal: true, detail }, ...answers);
}

/** A place, and what is to be written there. */
export interface Named extends Wanted {
  readonly uri: vscode.Uri;
}

/** A name whose suffix says another format: which of the two is meant? */
async function settleFormat(named: Named): Promise<Named | undefined> {
  const { uri, format } = named;
  const name = nameOf(uri);
  const other = otherFormatOfName(name, format);
  if (!other) return named;
  const asOther = `Save as ${formatLabel(other.name)}`;
  const rename = `Save as ${renamedTo(name, format)}`;
  const chosen = await question(
    `${name} is a name for ${formatLabel(other.name)}, but ${formatLabel(format)} was chosen.`,
    'Programs that go by the suffix would not be able to read it.',
    asOther,
    ...(isLoneFile(uri) ? [] : [rename]),
  );
  if (chosen === asOther) return { ...named, format: other.name };
  return chosen === rename ? { ...named, uri: renamed(uri, renamedTo(name, format)) } : undefined;
}

/** A name without the suffix of the chosen compression. */
async function settleCompression(named: Named): Promise<Named | undefined> {
  const { uri, compression = 'none' } = named;
  const name = nameOf(uri);
  if (compression === 'none' || codingOfName(name) !== undefined) return named;
  const full = `${name}.${suffixOfCoding(compression)}`;
  const compressed = `Save as ${full}`;
  const plain = `Save ${name} uncompressed`;
  const chosen = await question(
    `${compressionLabel(compression)} was chosen, but ${name} has no suffix for it.`,
    'Without the suffix programs would not know that the file is compressed.',
    ...(isLoneFile(uri) ? [] : [compressed]),
    plain,
  );
  if (chosen === compressed) return { ...named, uri: renamed(uri, full) };
  return chosen === plain ? { ...named, compression: 'none' } : undefined;
}

/** A name that does not say what the file is. */
async function settleSuffix(named: Named): Promise<Named | undefined> {
  const { uri, format } = named;
  const name = nameOf(uri);
  if (formatSuffix(name) !== undefined || isLoneFile(uri)) return named;
  const coding = codingOfName(name);
  const full = `${withoutCoding(name)}.${suffixOf(format, coding ?? 'none')}`;
  const add = `Save as ${full}`;
  const keep = `Keep ${name}`;
  const chosen = await question(
    `${name} has no suffix that tells its format.`,
    `${formatLabel(format)} files usually end in .${suffixOfFormat(format)}.`,
    add,
    keep,
  );
  if (chosen === add) return { ...named, uri: renamed(uri, full) };
  return chosen === keep ? named : undefined;
}

/** Asks about what a name leaves unclear: format, suffix, compression. Undefined: the user turned away. */
export async function settleName(named: Named): Promise<Named | undefined> {
  const withFormat = await settleFormat(named);
  const withSuffix = withFormat && (await settleSuffix(withFormat));
  return withSuffix && (await settleCompression(withSuffix));
}
