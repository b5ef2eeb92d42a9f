import type { SessionLostError } from '../../core/client/errors.ts';
import type {
  Client,
  QueryProgress,
  SaveProgress,
  SaveReceipt,
  Session,
  Settings,
} from '../../core/client/surface.ts';
import type { QuerySource } from '../../core/arrow/spool/querySource.ts';
import type { ShownError } from '../../shared/protocol.ts';
import type { ResultOrigin } from './result.ts';
import type { ResultLimits } from './withinDisk.ts';

export interface RunServices {
  client: Client;
  session: Session;
  /** What the user is told beside the result, for example that a session was lost. */
  notice?: string;
}

export interface RunOptions extends ResultOrigin {
  /** How many rows and bytes are kept. */
  limits: ResultLimits;
  /** File for the result's rows; the run deletes it. */
  spoolPath: string;
  /** Starts the engine if need be and gives the document's session. */
  connect: (signal: AbortSignal) => Promise<RunServices>;
  /** A failure as it is shown. */
  explain: (error: unknown) => Promise<ShownError>;
  /** Told of a loss that is not shown, because the statement that found it was cancelled. */
  unseen: (error: SessionLostError) => void;
  /** Runs a statement with INTO OUTFILE. Undefined: it has none. */
  intoFile: (services: RunServices, request: FileRunRequest) => Promise<FileRun | undefined>;
}

/** A way to load the rows that a file holds. */
export interface FileRows {
  readonly source: QuerySource;
  /** Empty: `source` is the file itself, and gives its lines. */
  readonly sql: string;
  readonly settings: Settings;
  /** Whose values they are. */
  readonly client: Client;
}

/** What became of a statement that says itself into which file its result goes. */
export interface FileRun {
  /** What was saved, in one line. */
  readonly message: string;
  /** Of the file that a query made. */
  readonly receipt: SaveReceipt | undefined;
  /** AND STDOUT: ways to load what the file holds, best first; empty where nothing is to be shown. */
  readonly rows: readonly FileRows[];
}

export interface FileRunRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  readonly onProgress: (saved: SaveProgress | undefined, read: QueryProgress | undefined) => void;
}
