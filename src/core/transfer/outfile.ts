import { resolve } from 'node:path';
import { UsageError } from '../client/errors.ts';
import type { ContentCoding, SaveOptions } from '../client/surface.ts';
import type { IntoOutfile } from '../sql/intoOutfile.ts';
import { CODINGS, requireSavedCoding } from './codings.ts';
import { formatOutput, type ServerSettings } from './formatOptions.ts';
import { findFormat } from './formats.ts';
import { codingOfOutfile, findCoding, formatOfOutfile } from './outfileName.ts';

/** What to do for a statement with INTO OUTFILE: `saveTo(sql, path, save)`, and `alsoShow` its result. */
export interface OutfilePlan {
  /** The statement without the clause. */
  readonly sql: string;
  /** Absolute. */
  readonly path: string;
  readonly save: Readonly<
    Required<Pick<SaveOptions, 'format' | 'compression' | 'append' | 'overwrite' | 'settings'>>
  >;
  /** AND STDOUT: the result is to be seen as well. */
  readonly alsoShow: boolean;
}

const NONE = 'none';

/** As clickhouse-client checks them. */
const MAX_LEVELS: Readonly<Partial<Record<ContentCoding, number>>> = { zstd: 22, lz4: 12 };
const MAX_LEVEL = 9;

/** A second file behind the first makes these unreadable, or hides what is in the first. */
const NOT_APPENDED =
  /^(?:Parquet|ORC|Arrow|ArrowStream|Avro|Npy|PNG|JSON|JSON\w*Columns\w*|JSONCompact|JSON(?:Compact)?Strings|JSONObjectEachRow|GeoJSON|XML)$/;

/**
 * How to run a statement with INTO OUTFILE as clickhouse-client does: the format by FORMAT, else by the
 * suffix, else TabSeparated; the compression by COMPRESSION, else by the suffix; a file that exists is
 * refused without APPEND or TRUNCATE.
 * @param by the folder that relative names start from; and the server's settings, if known, as for
 *   `formatOutput`.
 * @throws UsageError for what clickhouse-client refuses too, and for APPEND to files that would be broken by it.
 */
export function planOutfile(
  clause: IntoOutfile,
  by: { readonly folder: string; readonly server?: ServerSettings },
): OutfilePlan {
  if (clause.file === '') {
    throw new UsageError('INTO OUTFILE names no file.', { hint: "Write INTO OUTFILE 'name.csv'." });
  }
  const compression = codingOf(clause);
  requireSavedCoding(compression);
  const format = clause.format ?? formatOfOutfile(clause.file) ?? 'TabSeparated';
  checkMode(clause, format, compression);
  const level = levelOf(clause, compression);
  return {
    sql: clause.sql,
    path: resolve(by.folder, clause.file),
    save: {
      format,
      compression,
      append: clause.append,
      overwrite: clause.truncate,
      settings: {
        ...formatOutput(format, {}, by).settings,
        // Its name is old: it holds for every coding.
        ...(level !== undefined && { http_zlib_compression_level: level }),
      },
    },
    alsoShow: clause.andStdout,
  };
}

function codingOf({ file, compression = 'auto' }: IntoOutfile): ContentCoding | 'none' {
  const chosen = compression.toLowerCase();
  if (chosen === '' || chosen === 'auto') return codingOfOutfile(file) ?? NONE;
  const coding = chosen === NONE ? NONE : findCoding(chosen);
  if (coding !== undefined) return coding;
  throw new UsageError(`There is no compression '${compression}'.`, {
    hint: `COMPRESSION takes ${CODINGS.filter(({ coding: name }) => name !== 'bz2')
      .map(({ coding: name }) => `'${name}'`)
      .join(', ')}, 'none' or 'auto'.`,
  });
}

function checkMode(
  { append, truncate }: IntoOutfile,
  format: string,
  compression: ContentCoding | 'none',
): void {
  if (!append) return;
  if (truncate) {
    throw new UsageError('INTO OUTFILE takes APPEND or TRUNCATE, not both.');
  }
  if (compression !== NONE) {
    throw new UsageError('INTO OUTFILE cannot append to a compressed file.', {
      hint: 'Leave APPEND out, or write to a file without compression.',
    });
  }
  const name = findFormat(format)?.name ?? format;
  if (NOT_APPENDED.test(name)) {
    throw new UsageError(`A ${name} file cannot be appended to: it would no longer be readable.`, {
      hint: 'Leave APPEND out, or use a format of lines such as CSV.',
    });
  }
}

function levelOf({ level }: IntoOutfile, compression: ContentCoding | 'none'): number | undefined {
  if (level === undefined) return undefined;
  const most = compression === NONE ? MAX_LEVEL : (MAX_LEVELS[compression] ?? MAX_LEVEL);
  const value = Number(level);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new UsageError(
    `LEVEL ${level} is not possible: ${compression} takes whole numbers from 1 to ${most}.`,
  );
}
