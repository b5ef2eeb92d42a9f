import type { ParameterValues } from '../../../core/client/surface.ts';
import { hideSecrets } from '../../../core/sql/hideSecrets.ts';
import { hideParameters } from '../../../core/sql/secretNames.ts';
import type { ShownRun } from './saveSource.ts';
import type { ShownView } from './shownView.ts';
import type { SavedReceipt } from '../transferTexts.ts';

/** What made a file, for whoever finds it later. */
export interface FileReceipt {
  readonly file: string;
  readonly savedAt: string;
  readonly rows?: number;
  /** Settings by which the server may have left rows out, without an error. */
  readonly cutBy?: Readonly<Record<string, string>>;
  readonly bytes: number;
  readonly sha256?: string;
  readonly format: string;
  readonly compression: string;
  /** With `'[HIDDEN]'` for secrets that ClickHouse's logs hide. */
  readonly sql: string;
  /** With `[HIDDEN]` for those whose names say that they are secrets. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Settings that the format's options stand for. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of the run whose rows these are. */
  readonly queryId: string;
  /** The rows are those that were on screen; without it the statement was run for the file. */
  readonly rowsFrom?: 'screen';
  /** Whether the rows on screen were all that the statement gives: none filtered out, none that never came. */
  readonly complete?: boolean;
  /** How the rows on screen were sorted and filtered. */
  readonly view?: ShownView;
  readonly connection: string;
  readonly serverVersion?: string;
  readonly seconds: number;
  /** Tells our receipts from other files. */
  readonly savedBy: 'Rowhouse for ClickHouse';
}

export interface ReceiptParts {
  readonly receipt: SavedReceipt;
  readonly sql: string;
  readonly params: ParameterValues;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly connection: string;
  readonly savedAt: Date;
  readonly shown: ShownRun | undefined;
}

function some(values: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(values).length > 0;
}

export function fileReceipt({
  receipt,
  sql,
  params,
  settings,
  connection,
  savedAt,
  shown,
}: ReceiptParts): FileReceipt {
  const parameters = hideParameters(shown?.params ?? params);
  const version = shown?.isOtherServer === true ? undefined : receipt.serverVersion;
  return {
    file: receipt.path,
    savedAt: savedAt.toISOString(),
    ...(receipt.rows !== undefined && { rows: receipt.rows }),
    ...(receipt.cutBy && { cutBy: receipt.cutBy }),
    bytes: receipt.bytes,
    ...(receipt.sha256 !== undefined && { sha256: receipt.sha256 }),
    format: receipt.format,
    compression: receipt.compression,
    sql: hideSecrets(sql),
    ...(some(parameters) && { parameters }),
    ...(some(settings) && { settings }),
    queryId: shown?.queryId ?? receipt.queryId,
    ...(shown && { rowsFrom: 'screen', complete: shown.complete }),
    ...(shown?.view && { view: shown.view }),
    connection,
    ...(version !== undefined && { serverVersion: version }),
    seconds: Math.round(receipt.ms) / 1000,
    savedBy: 'Rowhouse for ClickHouse',
  };
}

/** JSON has no integers beyond 2^53 and no bytes: they become text, as ClickHouse takes parameters. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

/** The receipt as indented JSON: people can read it, and everything else can too. */
export function receiptText(receipt: FileReceipt): string {
  return `${JSON.stringify(receipt, plain, 2)}\n`;
}

export function isReceiptText(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return (
      typeof value === 'object' &&
      value !== null &&
      'savedBy' in value &&
      value.savedBy === 'Rowhouse for ClickHouse'
    );
  } catch {
    return false;
  }
}
