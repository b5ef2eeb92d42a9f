import type { ParameterValues } from '../../client/surface.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { ColumnInfo, InsertPlan } from '../insertPlan.ts';
import { inspectFile, wholeLines } from '../sourceFile.ts';
import { fileTable, structureSql } from './fileTable.ts';

/** The beginning of a file as a table expression of the server that looks at it. */
export interface FileSample {
  /** @param structure the columns and types to read it with; undefined: as the server infers them. */
  readonly from: (structure: readonly ColumnInfo[] | undefined) => string;
  readonly params: ParameterValues;
  /** True: the text ends somewhere in the file, so that its last row may be cut. */
  readonly isCut: boolean;
  /** True: rows are read one by one, so that those that fail can be told and left out. */
  readonly countsRows: boolean;
}

export interface SampleOptions {
  /** True for the local engine. */
  readonly serverReadsFiles: boolean;
  /** `head`: the first 40 KiB where that works; `file`: all that the server cares to read. */
  readonly reads: 'head' | 'file';
}

/** Text formats in which a row ends with its line. */
const BY_LINE =
  /^(?:CSV|TabSeparated|CustomSeparated|TSKV|LineAsString|JSON\w*EachRow|JSONAsString|JSONAsObject)/;

/**
 * What a server can see of a file without having it. Undefined: nothing, because the format says nothing
 * without its end and the server cannot open the file.
 * @throws FileError as `inspectFile`
 */
export async function fileSample(
  plan: Pick<InsertPlan, 'path' | 'format' | 'coding'>,
  { serverReadsFiles, reads }: SampleOptions,
): Promise<FileSample | undefined> {
  const { path, format, coding } = plan;
  const file = await inspectFile(path, { format, contentEncoding: coding ?? 'none' });
  const isByLine = BY_LINE.test(file.info?.name ?? format);
  const isText = file.info?.kind === 'text';
  const name = quoteIdentifier(format);
  if (serverReadsFiles && (reads === 'file' || !isByLine || file.head === undefined)) {
    return {
      from: (structure) => fileTable(plan, structure),
      params: {},
      isCut: false,
      countsRows: false,
    };
  }
  if (file.head === undefined || !isText || !(isByLine || file.headIsWhole)) return undefined;
  return {
    from: (structure) =>
      `format(${[name, ...(structure ? [structureSql(structure)] : []), '{head:String}'].join(', ')})`,
    params: { head: wholeLines(file) },
    isCut: !file.headIsWhole,
    countsRows: isByLine,
  };
}
