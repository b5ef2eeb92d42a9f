import type * as vscode from 'vscode';
import type {
  Client,
  ParameterValues,
  SaveOptions,
  SaveReceipt,
} from '../../../core/client/surface.ts';
import type { ResultSettings } from '../../../core/transfer/cutSettings.ts';
import type { ServerSettings } from '../../../core/transfer/formatOptions.ts';
import type { ShownView } from './shownView.ts';

/** The run whose rows are on the screen, for the receipt. */
export interface ShownRun {
  readonly params: ParameterValues;
  readonly queryId: string;
  /** False: not every row of the statement's result is there, whatever left it out. */
  readonly complete: boolean;
  /** How the rows were sorted and filtered; undefined where they are as they came. */
  readonly view: ShownView | undefined;
  /** The version of the local ClickHouse is that of another server. */
  readonly isOtherServer: boolean;
}

/** Rows that can be written to a file, wherever they come from: a statement, or a result on screen. */
export interface SaveSource {
  /** The statement that the rows come from; it goes into the receipt. */
  readonly sql: string;
  /** The document: names the file and its folder. */
  readonly document: vscode.Uri | undefined;
  /** The connection's name, for the receipt. */
  readonly connection: string;
  /** Whose formats are offered, and whose bytes the file will hold. */
  readonly client: Client;
  /** The FORMAT of the statement itself, which wins over a chosen one; undefined where it has none. */
  readonly ownFormat: string | undefined;
  /** The SETTINGS at the end of the statement, by name: they win over options. */
  readonly ownSettings: ReadonlySet<string>;
  /** What decides how values are written where no option is chosen; undefined when the server could not be asked. */
  readonly formatSettings: () => Promise<ServerSettings | undefined>;
  /** The result in the Results view that shows how the save goes. */
  readonly resultId: string | undefined;
  /** The run that the rows are from, where the file is not written by running the statement. */
  readonly shown?: ShownRun;
  /** True while something else has the session, so that the save waits. */
  readonly isBusy: () => boolean;
  /** Values for the placeholders, asked once format and place are known. Undefined: the user turned away. */
  readonly askParameters: () => Promise<ParameterValues | undefined>;
  /** As of now; waits for its turn in the session. */
  readonly resultSettings: (signal: AbortSignal) => Promise<ResultSettings>;
  /** Writes the file as `StatementRunner.saveTo` does: never a false one, never without the old one. */
  readonly save: (path: string, options: SaveOptions) => Promise<SaveReceipt>;
}

/** Which rows of a result on screen: those in the grid, or those of running its statement again. */
export type Rows = 'shown' | 'again';

/**
 * Gives the rows of a result on screen, after asking which are meant where the two differ; `again` leaves
 * the running to the caller. `answer` was given in advance. Undefined: the user turned away.
 */
export type ShownRows = (
  resultId: string,
  answer: Rows | undefined,
  isUnattended: boolean,
) => Promise<SaveSource | 'again' | undefined>;
