import type { ContentCoding } from '../client/surface.ts';
import { codingOfName } from './codings.ts';
import { csvDelimiterOf } from './detect/textFormat.ts';
import { formatSuffix, guessInputFormat } from './formats.ts';
import { inspectFile, type SourceFile, wholeLines } from './sourceFile.ts';

/** A file, and what a statement that reads it has to say because its name does not. */
export interface FileInSql {
  readonly path: string;
  readonly format?: string;
  readonly coding?: ContentCoding | 'none';
  /** Of CSV, other than the comma. */
  readonly delimiter?: string;
}

/** Suffixes that Rowhouse knows and ClickHouse does not. */
const NOT_IN_CLICKHOUSE = new Set(['tab', 'arrows', 'feather', 'txt']);

/** Names that say no more than that it is text. The lines of others, as of scripts and programs, prove nothing. */
const TEXT = /^(txt|text|dat|data|log|out)$/;

/** By name and content; undefined where neither tells a format. Never rejects. */
export async function fileInSql(path: string): Promise<FileInSql | undefined> {
  try {
    return needed(await inspectFile(path, believesLines(path) ? { trust: 'lines' } : {}));
  } catch {
    // What is wrong with the file is told when the statement runs.
    return guessInputFormat(path)?.input === true ? { path } : undefined;
  }
}

function believesLines(path: string): boolean {
  const suffix = formatSuffix(path);
  return suffix === undefined || TEXT.test(suffix) || guessInputFormat(path)?.input === true;
}

function needed(file: SourceFile): FileInSql {
  const { path, formatBy, coding } = file;
  const format = withoutHeader(file.format);
  const isNamed = formatBy === 'name' && !NOT_IN_CLICKHOUSE.has(formatSuffix(path) ?? '');
  const isCodingNamed = coding === codingOfName(path);
  const delimiter = format === 'CSV' ? csvDelimiterOf(wholeLines(file)) : undefined;
  return {
    path,
    // Compression is an argument behind the format.
    ...(!(isNamed && isCodingNamed) && { format }),
    ...(!isCodingNamed && { coding: coding ?? 'none' }),
    ...(delimiter !== undefined && delimiter !== ',' && { delimiter }),
  };
}

/** ClickHouse finds the header line of these itself, and would take the first row for one otherwise. */
function withoutHeader(format: string): string {
  return format.replace(/^(CSV|TabSeparated)WithNames$/, '$1');
}
