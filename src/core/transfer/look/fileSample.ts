import type { RawQueryOptions } from '../../client/surface.ts';
import type { ColumnInfo, InsertPlan, LocalReader } from '../insertPlan.ts';
import { inspectFile, wholeLines } from '../sourceFile.ts';
import { fileTable } from './fileTable.ts';
import { sentBytes, sentFile, sentTable } from './sentFile.ts';

/** The beginning of a file as a table expression of the server that looks at it. */
export interface FileSample {
  /** @param structure the columns and types to read it with; undefined: as the server infers them. */
  readonly from: (structure: readonly ColumnInfo[] | undefined) => string;
  /** What the requests that read it bring along. */
  readonly request: Pick<RawQueryOptions, 'externalData'>;
  /** True: the text ends somewhere in the file, so that its last row may be cut. */
  readonly isCut: boolean;
  /** True: rows are read one by one, so that those that fail can be told and left out. */
  readonly countsRows: boolean;
  /** True: the local reader reads it, not the server. */
  readonly isLocal: boolean;
}

export interface SampleOptions {
  /** True for the local engine. */
  readonly serverReadsFiles: boolean;
  /** True: a small file of which no beginning can be read is sent to the server, which does not keep it. */
  readonly sendsFiles?: boolean | undefined;
  /** `head`: the first 40 KiB where that works; `file`: all that the server cares to read. */
  readonly reads: 'head' | 'file';
  readonly localReader?: LocalReader | undefined;
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
  { serverReadsFiles, sendsFiles = false, reads, localReader }: SampleOptions,
): Promise<FileSample | undefined> {
  const { path, format, coding } = plan;
  const file = await inspectFile(path, { format, contentEncoding: coding ?? 'none' });
  const isByLine = BY_LINE.test(file.info?.name ?? format);
  const isText = file.info?.kind === 'text';
  const opened: FileSample = {
    from: (structure) => fileTable(plan, structure),
    request: {},
    isCut: false,
    countsRows: false,
    isLocal: false,
  };
  if (serverReadsFiles && (reads === 'file' || !isByLine || file.head === undefined)) return opened;
  if (file.head === undefined || !isText || !(isByLine || file.headIsWhole)) {
    const externalData = sendsFiles ? await sentFile(file) : undefined;
    if (externalData !== undefined) {
      return {
        ...opened,
        from: (structure) => sentTable(format, structure),
        request: { externalData },
      };
    }
    return (await localReader?.()) && { ...opened, isLocal: true };
  }
  return {
    from: (structure) => sentTable(format, structure),
    request: { externalData: sentBytes(Buffer.from(wholeLines(file))) },
    isCut: !file.headIsWhole,
    countsRows: isByLine,
    isLocal: false,
  };
}
