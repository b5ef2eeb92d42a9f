import type * as vscode from 'vscode';
import type { ViewSpec } from '../shared/resultView.ts';
import type { ResultSnapshot } from '../shared/protocol.ts';
import type { RunArguments, RunOutcome } from './editor/commands.ts';

/** A session as Rowhouse knows it, without asking the server. */
export interface SessionInfo {
  readonly id: string;
  readonly connection: string;
  readonly state: string;
  /** Of the last USE, else of the connection's profile. */
  readonly database: string | undefined;
  readonly temporaryTables: readonly string[];
  /** What was SET and not set back, `param_…` among it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The statement that runs, and those that wait. */
  readonly turns: readonly { readonly sql: string; readonly state: string }[];
}

/** What `activate` returns: for other extensions, tasks and the extension's own tests. */
export interface RowhouseApi {
  /** As the command `rowhouse.runQuery`; resolves when the statement has ended. */
  run(args?: RunArguments): Thenable<RunOutcome | undefined>;
  /** As the command `rowhouse.saveResultsAs`. */
  saveResultsAs(args?: object): Thenable<unknown>;
  /** As the command `rowhouse.insertFile`. */
  insertFile(args?: object): Thenable<unknown>;
  /** What is known of a document's session; undefined before its first statement. */
  session(uri: vscode.Uri): SessionInfo | undefined;
  results: {
    /** What the Results view shows now. */
    current(): ResultSnapshot | undefined;
    /** The result of a document: the one chosen last, else the latest. */
    of(uri: vscode.Uri): ResultSnapshot | undefined;
    /** The results that the Results view offers: the latest of each statement of a script, and pinned ones. */
    tabs(): ResultSnapshot[];
    /**
     * Sorts and filters what is shown of a result; resolves when it is decided. Its `view` then tells the rows, or
     * what went wrong.
     */
    show(id: string, view: ViewSpec): Promise<void>;
    /** The Arrow stream with the rows of a result, while it lasts; undefined when it has none. */
    fileOf(id: string): string | undefined;
    /** Rows of a result as they are shown (sorted, filtered), as an Arrow IPC stream, at most 10,000 at a time. */
    window(id: string, firstRow: number, rows: number): Promise<Uint8Array>;
  };
}
