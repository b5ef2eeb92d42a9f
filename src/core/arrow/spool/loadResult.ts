import type { ResultColumn } from '../../../shared/columns.ts';
import type { RowBeside } from '../../../shared/rowBeside.ts';
import type { TextSetting } from '../../../shared/textSetting.ts';
import type { ZoneTable } from '../../../shared/zoneTable.ts';
import { describableSelect } from '../../sql/describable.ts';
import { outputClauses } from '../../sql/outputClauses.ts';
import { showsNames } from '../../sql/showsNames.ts';
import type { SettingChange } from '../../sql/setStatement.ts';
import { CancelledError, isCancelledError } from '../../client/errors.ts';
import { unlessAborted } from '../../transfer/cancelled.ts';
import type { CancelOutcome } from '../../client/cancelSurface.ts';
import type {
  RawStream,
  ReplyMeta,
  RequestOptions,
  Settings,
  Summary,
} from '../../client/surface.ts';
import { describeColumns, type DescribedColumn } from './describe.ts';
import type { ArrowCompression, GridSettings } from './gridSettings.ts';
import type { QuerySource } from './querySource.ts';
import { isSettingRefused } from './refused.ts';
import { allSupportArrow, zonesOfColumns } from './resultColumns.ts';
import { canTellByQuotes, canTellRowsBeside, mayHaveRowsBeside } from './rowsBeside.ts';
import { ArrowSink, NotShowableAsArrow, TextSink, type ResultSink } from './resultSink.ts';
import type { ServerZones } from './serverZones.ts';
import type { Spool } from './spool.ts';
import { SpoolWriter, type SpoolLimits } from './spoolWriter.ts';
import { TextRows } from './textRows.ts';
import { textSettingsOf } from './textSettingsOf.ts';

export interface LoadOptions {
  /** The tab's session, or a client. */
  source: QuerySource;
  /** One statement. It is sent as it is. */
  sql: string;
  /** A file that does not exist yet. */
  spoolPath: string;
  gridSettings: GridSettings;
  /** The server's own time zone offsets; without them those of this machine. */
  zones?: Pick<ServerZones, 'tables'>;
  /** The columns, when they are known; the server is not asked to describe the statement then. */
  described?: readonly DescribedColumn[];
  /** The settings that texts depend on, when they are known; the server is not asked for them then. */
  textSettings?: readonly TextSetting[];
  /** What was set in the session, in order: a setting among it may change texts. */
  sessionSettings?: readonly SettingChange[];
  /** How Arrow batches are compressed on the way. Default `none`: right for this machine and fast links. */
  compression?: ArrowCompression;
  /** Parameters, settings, query id and the like for the run. */
  request?: Omit<RequestOptions, 'format' | 'signal' | 'compression'>;
  /** How much is kept. When more comes, reading stops and the query is killed. Default: everything. */
  limits?: SpoolLimits;
  /** Cancels the query; the rows so far stay. */
  signal?: AbortSignal;
  /** The reply's headers came. May come twice, when a result has to be asked for again as text. */
  onMeta?: (meta: ReplyMeta) => void;
  /** The columns are known; from now on windows can be read. Comes once. */
  onColumns?: (columns: ResultColumn[], texts: TextContext, spool: Spool) => void;
  /** Rows and bytes in the spool: with the first rows, then at most ten times a second, and once at the end. */
  onGrow?: (rows: number, bytes: number) => void;
}

/** What the texts of cells depend on besides their types and values. */
export interface TextContext {
  /** Zone of `DateTime` columns without one of their own. */
  timeZone: string;
  /** The server's offsets of the zones that the columns print in. */
  tables: ZoneTable[];
  /** Settings that change texts and are not at ClickHouse's default. */
  textSettings: readonly TextSetting[];
}

/** A limit of `LoadOptions.limits` beyond which there are more rows. */
export interface ReachedLimit {
  by: keyof SpoolLimits;
  /** Whether the query stopped on the server; undefined when it had ended by itself. */
  outcome: Promise<CancelOutcome> | undefined;
}

export interface LoadedResult extends TextContext {
  /** Belongs to the caller now: dispose it. */
  spool: Spool;
  columns: ResultColumn[];
  /** Totals and extremes. */
  beside: RowBeside[];
  meta: ReplyMeta;
  /** True only when the whole result was received, verified and written. */
  complete: boolean;
  /** Reading stopped here, and there are more rows; nothing failed. */
  limited: ReachedLimit | undefined;
  /** Why it is not complete: the server's error, the cancel, a full disk. */
  error: unknown;
  /** At the verified end of the reply. */
  summary: Summary | undefined;
}

const GROW_MS = 100;
const ARROW = 'ArrowStream';
const TSV = 'TSVWithNamesAndTypes';
/** For a single column in which an empty line of TabSeparated may be a text. */
const CSV = 'CSVWithNamesAndTypes';
const TYPED_TSV: readonly string[] = [TSV, 'TabSeparatedWithNamesAndTypes'];

/**
 * Runs one statement and keeps its rows in a spool: as Arrow where every column can be shown exactly from it, else, and
 * for statements WITH TOTALS, which Arrow leaves out, as the server's own text. Nothing of the statement is rewritten and nothing is run twice, with one exception: when the
 * server sends a column in an Arrow type without a rule, the run is cancelled at its schema and repeated for text.
 *
 * When it fails or is cancelled after the columns came, it resolves with the rows so far, `complete: false` and the
 * error. Before that it rejects with the error and leaves no file.
 */
export async function loadResult(options: LoadOptions): Promise<LoadedResult> {
  const described = options.described ?? (await describe(options));
  const textSettings = options.textSettings ?? (await textSettingsOf(options));
  return runAs({ ...options, textSettings }, described);
}

interface RunOptions extends LoadOptions {
  textSettings: readonly TextSetting[];
}

async function runAs(
  options: RunOptions,
  described: readonly DescribedColumn[] | undefined,
): Promise<LoadedResult> {
  const text = await formatForBeside(options, described);
  if (described && text === undefined && allSupportArrow(described, options.textSettings)) {
    // Asked for while the statement already runs.
    void options.zones?.tables(zonesOfColumns(described, undefined, 'UTC'));
    try {
      return await run(options, ARROW, described);
    } catch (error) {
      if (!(error instanceof NotShowableAsArrow)) throw error;
    }
    // The id of the cancelled run may still be in use on the server (error 216).
    const request = { ...options.request };
    delete request.queryId;
    return run({ ...options, request }, TSV, undefined);
  }
  return run(options, text ?? TSV, described);
}

/** The text that tells its totals and extremes from its rows; undefined where there are none, or none could be told. */
async function formatForBeside(
  options: LoadOptions,
  described: readonly DescribedColumn[] | undefined,
): Promise<string | undefined> {
  const { sql, sessionSettings = [], gridSettings, signal } = options;
  const extremes = await unlessAborted(gridSettings.valueOf('extremes'), signal);
  const settings = [{ name: 'extremes', value: extremes }, ...sessionSettings];
  if (!mayHaveRowsBeside(sql, settings)) return undefined;
  const hasFormat = outputClauses(sql).format !== undefined;
  if (described === undefined) return !hasFormat && showsNames(sql) ? CSV : undefined;
  if (canTellRowsBeside(described)) return TSV;
  if (hasFormat || !canTellByQuotes(described)) return undefined;
  const isNullable = described.some(({ type }) => type.includes('Nullable('));
  return !isNullable || (await canTellNull(options)) ? CSV : undefined;
}

/** False where NULL of CSV may be an empty line: its text is not the usual one and may not be set. */
async function canTellNull(options: LoadOptions): Promise<boolean> {
  const { sessionSettings = [], gridSettings, signal } = options;
  const name = 'format_csv_null_representation';
  const value = await unlessAborted(gridSettings.valueOf(name), signal);
  const last = [{ name, value }, ...sessionSettings].findLast((setting) => setting.name === name);
  if (last?.value === String.raw`\N`) return true;
  if (sessionSettings.some((setting) => setting.name === 'readonly' && setting.value === '1')) {
    return false;
  }
  return Object.keys(await unlessAborted(gridSettings.forCsv(), signal)).length > 0;
}

async function describe(options: LoadOptions): Promise<DescribedColumn[] | undefined> {
  const select = describableSelect(options.sql);
  if (select === undefined) return undefined;
  const request: RequestOptions = { ...options.request };
  delete request.queryId;
  delete request.onProgress;
  const { signal } = options;
  const settings = await unlessAborted(options.gridSettings.forDescribe(), signal);
  return describeColumns(
    options.source,
    select,
    signal ? { ...request, signal } : request,
    settings,
  );
}

async function run(
  options: RunOptions,
  format: string,
  described: readonly DescribedColumn[] | undefined,
): Promise<LoadedResult> {
  const stream = await open(options, format);
  const { meta } = stream;
  const { textSettings } = options;
  options.onMeta?.(meta);
  const timeZone = meta.timezone ?? 'UTC';
  let writer: SpoolWriter;
  try {
    writer = await SpoolWriter.create(options.spoolPath, options.limits);
  } catch (error) {
    stream.abort(error);
    stream.done.catch(() => undefined);
    throw error;
  }
  const { spool } = writer;
  const sink = sinkFor(options, writer, described ?? [], {
    format: meta.format ?? format,
    asked: format,
    timeZone,
  });
  const grow = growth(options, spool);
  let announced = false;
  const announce = (): void => {
    if (announced || !sink.columns) return;
    announced = true;
    options.onColumns?.(sink.columns, { timeZone, tables: sink.zones, textSettings }, spool);
  };
  let summary: Summary | undefined;
  let limited: ReachedLimit | undefined;
  try {
    for await (const chunk of stream) {
      await sink.write(chunk);
      announce();
      grow(false);
      if (writer.limited) break;
    }
    if (writer.limited) {
      limited = { by: writer.limited, outcome: (await cancelOf(stream))?.outcome };
      await sink.stop();
    } else {
      summary = await stream.done;
      await sink.end();
      // The last rows of a text are held back until its end.
      const by = limitOf(writer);
      if (by) limited = { by, outcome: undefined };
    }
    announce();
  } catch (caught) {
    const error = options.signal?.aborted === true ? await cancelled(stream, caught) : caught;
    stream.done.catch(() => undefined);
    await sink.fail(error);
    if (!sink.columns) {
      await spool.dispose();
      throw error;
    }
    announce();
  }
  grow(true);
  return {
    spool,
    columns: sink.columns ?? [],
    beside: sink.beside,
    timeZone,
    tables: sink.zones,
    textSettings,
    meta,
    complete: spool.complete,
    limited,
    error: spool.error,
    summary,
  };
}

const limitOf = (writer: SpoolWriter): keyof SpoolLimits | undefined => writer.limited;

/** Waits for the end of a reply that is not read to its end: leaving the loop over it has cancelled the query. */
async function cancelOf(stream: RawStream): Promise<CancelledError | undefined> {
  try {
    await stream.done;
  } catch (error) {
    // Any other end of what nobody wants any more is all the same.
    if (isCancelledError(error)) return error;
  }
  return undefined;
}

/** The cancel of a reply that may have ended before; a wait beside it ends with the cancel, and does not know. */
async function cancelled(stream: RawStream, caught: unknown): Promise<unknown> {
  const told = await cancelOf(stream);
  if (told !== undefined || !isCancelledError(caught)) return told ?? caught;
  const outcome = Promise.resolve({ outcome: 'notFound', elapsedMs: 0 } as const);
  return new CancelledError('Cancelled when the server had sent all.', outcome, { cause: caught });
}

/** Opens the reply; without our settings when the session no longer takes them (`SET readonly = 1`). */
async function open(options: LoadOptions, format: string) {
  const { source, sql, signal } = options;
  const { gridSettings, compression = 'none' } = options;
  const wanted = {
    [ARROW]: () => gridSettings.forRun(compression),
    [CSV]: () => gridSettings.forCsv(),
  }[format];
  const own: Settings = await unlessAborted((wanted ?? (() => gridSettings.forText()))(), signal);
  const send = (settings: Settings) =>
    source.rawStream(sql, {
      ...options.request,
      settings: { ...settings, ...options.request?.settings },
      format,
      compression: 'none',
      reuseMemory: true,
      ...(signal && { signal }),
    });
  try {
    return await send(own);
  } catch (error) {
    if (!isSettingRefused(error) || Object.keys(own).length === 0) throw error;
    return send({});
  }
}

/** The statement may have a FORMAT of its own, so the reply's format decides. */
function sinkFor(
  { zones, signal }: LoadOptions,
  writer: SpoolWriter,
  described: readonly DescribedColumn[],
  reply: { format: string; asked: string; timeZone: string },
): ResultSink {
  const { format, asked, timeZone } = reply;
  if (format === ARROW) {
    return new ArrowSink(writer, described, {
      timeZone,
      asItComes: asked !== ARROW,
      zoneTables: async (names) => (await zones?.tables(names, signal)) ?? [],
    });
  }
  if (format === CSV && asked === CSV) {
    return new TextSink(writer, new TextRows({ kind: 'csv' }));
  }
  if (TYPED_TSV.includes(format)) return new TextSink(writer, new TextRows({ kind: 'tsv' }));
  return new TextSink(writer, new TextRows({ kind: 'lines', name: format }));
}

function growth(options: LoadOptions, spool: Spool): (last: boolean) => void {
  let told = { at: 0, rows: -1, bytes: -1 };
  let later: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(later);
    later = undefined;
    const { rows, bytes } = spool;
    if (rows === told.rows && bytes === told.bytes) return;
    told = { at: performance.now(), rows, bytes };
    options.onGrow?.(rows, bytes);
  };
  return (last) => {
    const isFirst = told.rows <= 0 && spool.rows > 0;
    const wait = told.at + GROW_MS - performance.now();
    if (last || isFirst || wait <= 0) tell();
    // The next rows of a slow statement may be minutes away.
    else later ??= setTimeout(tell, wait);
  };
}
