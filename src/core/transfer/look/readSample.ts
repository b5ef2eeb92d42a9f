import type { GridSettings } from '../../arrow/spool/gridSettings.ts';
import { type LoadedResult, loadResult } from '../../arrow/spool/loadResult.ts';
import type { ServerZones } from '../../arrow/spool/serverZones.ts';
import { isClickHouseError } from '../../client/errors.ts';
import type { Settings, StatementRunner } from '../../client/surface.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import type { SampleColumns } from './columnTargets.ts';
import { type FailingRow, failingRow } from './failingRow.ts';
import type { FileSample } from './fileSample.ts';

/** What a look at the beginning of a file found. */
export interface SampleCheck {
  /** Rows looked at, failing ones included; undefined when they cannot be counted. */
  readonly rows: number | undefined;
  readonly failing: readonly FailingRow[];
  /** True: there are more that fail. */
  readonly hasMore: boolean;
}

export interface SampleRequest {
  readonly sample: FileSample;
  readonly columns: SampleColumns;
  /** The file's own and the chosen ones; how many errors are allowed is not among what is looked for. */
  readonly settings: Settings;
  readonly signal: AbortSignal;
}

export const PREVIEW_ROWS = 100;
const MOST_FAILING = 20;
const ANY_NUMBER = 1_000_000_000;

function errorsAllowed(count: number): Settings {
  return { input_format_allow_errors_num: count, input_format_allow_errors_ratio: 0 };
}

/**
 * Finds the rows of a sample that the server cannot read as the table's types, by letting it skip the ones that
 * are known already. @throws the server's error when it refuses to look at all
 */
export async function checkSample(
  query: StatementRunner['rawQuery'],
  { sample, columns, settings, signal }: SampleRequest,
): Promise<SampleCheck> {
  const failing: FailingRow[] = [];
  // All columns are read: `ignore` needs them.
  const sql = `SELECT countIf(NOT ignore(*)) FROM ${sample.from(columns.structure)}`;
  if (!sample.countsRows) return { rows: undefined, failing, hasMore: false };
  for (;;) {
    try {
      const answer = await query(sql, {
        ...sample.request,
        format: 'TabSeparated',
        settings: { ...settings, ...errorsAllowed(failing.length) },
        signal,
      });
      const rows = Number(answer.text()) + failing.length;
      // The last row of a sample that ends in the middle of the file fails because it is cut.
      if (sample.isCut && failing.at(-1)?.row === rows) failing.pop();
      return { rows, failing, hasMore: false };
    } catch (error) {
      if (!isClickHouseError(error)) throw error;
      const found = failingRow(error.raw);
      if (found.row === undefined && failing.length === 0) {
        return { rows: undefined, failing: [found], hasMore: false };
      }
      const before = failing.at(-1)?.row ?? 0;
      if (found.row === undefined || found.row <= before) throw error;
      if (failing.length === MOST_FAILING) return { rows: undefined, failing, hasMore: true };
      failing.push(found);
    }
  }
}

export interface PreviewOptions extends SampleRequest {
  readonly client: Pick<StatementRunner, 'rawQuery' | 'rawStream'>;
  /** A file that does not exist yet. */
  readonly spoolPath: string;
  readonly gridSettings: GridSettings;
  readonly zones: Pick<ServerZones, 'tables'>;
}

/**
 * The first rows of a file as the insert will read them, in a spool that belongs to the caller; rows that fail
 * are left out where that is possible. @throws the server's error when none can be read
 */
export async function loadPreview(options: PreviewOptions): Promise<LoadedResult> {
  const { client, sample, columns, settings, signal, spoolPath, gridSettings, zones } = options;
  const list = columns.select.map(
    ({ name, shown }) => `${quoteIdentifier(name)} AS ${quoteIdentifier(shown)}`,
  );
  const loaded = await loadResult({
    source: client,
    sql: `SELECT ${list.join(', ')} FROM ${sample.from(columns.structure)} LIMIT ${PREVIEW_ROWS}`,
    spoolPath,
    gridSettings,
    zones,
    textSettings: [],
    described: columns.select.map(({ shown, type }) => ({ name: shown, type })),
    request: {
      ...sample.request,
      // One thread keeps the rows in their order.
      settings: { ...settings, ...errorsAllowed(ANY_NUMBER), max_threads: 1 },
    },
    signal,
  });
  if (loaded.complete) return loaded;
  await loaded.spool.dispose();
  throw loaded.error;
}
