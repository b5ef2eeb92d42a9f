import type { ResultColumn } from '../columns.ts';
import type { HostMessage, WebviewMessage } from '../protocol.ts';
import type { ZoneTable } from '../zoneTable.ts';

/** One of the files that are to be inserted. */
export interface ShownFile {
  name: string;
  bytes: number;
  /** Files that are read alike have the same; absent: not looked at before its turn. */
  kind?: number;
  /** Why it will not be inserted. */
  problem?: string;
}

/** A column of the file. */
export interface ShownColumn {
  name: string;
  /** As the server infers it, or, for a table that is to be created, as it will be. */
  type: string;
  /** The table's column that it goes to; absent: nowhere. */
  target?: string;
}

/** A column of the table. */
export interface ShownTarget {
  name: string;
  type: string;
  /** What it is filled with: a column of the file, its default, or what it is computed from. */
  filled: 'file' | 'default' | 'computed';
}

/** A row that cannot be read as the table's types. */
export interface ShownFailure {
  /** From 1, without the header line. */
  row?: number;
  column?: string;
  /** The server's words. */
  reason: string;
}

/** The first rows as they will be read. */
export interface ShownRows {
  /** Windows of another id are stale. */
  id: string;
  columns: ResultColumn[];
  rows: number;
  timeZone: string;
  zones?: ZoneTable[];
}

/** How a file is read. What its format leaves no choice of is absent. */
export interface ShownReading {
  format: string;
  header?: boolean;
  delimiter?: string;
  skipUnknown?: boolean;
  allowErrors?: number;
  bestEffortTimes?: boolean;
  nullText?: string;
}

/** What the first lines look like, though the name says something else, which is what counts. */
export interface ShownOther {
  format: string;
  /** A sentence. */
  remark: string;
}

/** A table that will be created before the insert. */
export interface ShownNewTable {
  name: string;
  engine: string;
  orderBy: string;
  ddl: string;
  /** True: the user changed the statement itself, and the fields above do not tell of it. */
  edited: boolean;
}

/** What the insert does when a file fails. */
export const ON_ERROR = ['stop', 'continue'] as const;
export type OnError = (typeof ON_ERROR)[number];

/**
 * `staged`: all or nothing. `chunked`: in pieces, so that a repeated insert leaves out those that the table still
 * remembers.
 */
export const INSERT_MODES = ['direct', 'staged', 'chunked'] as const;
export type InsertMode = (typeof INSERT_MODES)[number];

/** Everything the insert page shows but the cells. Always a whole snapshot, never a delta. */
export interface InsertSnapshot {
  title: string;
  table: string;
  connection: string;
  files: ShownFile[];
  /** Files of folders that are left out. */
  leftOut: number;
  /** The kind of the file that is shown. */
  kind: number;
  /** Format, coding, size in one line. */
  facts: string;
  /** How format and compression were found, where the name does not tell; a sentence each. */
  remarks: string[];
  other?: ShownOther;
  /** What is worth knowing before the insert, a sentence each. */
  notes: string[];
  /** Names to choose the format from. */
  formats: string[];
  reading: ShownReading;
  columns: ShownColumn[];
  targets: ShownTarget[];
  /** Whether the columns can go elsewhere. */
  mappable: boolean;
  /** True: the file is being looked at, what follows is of before. */
  looking: boolean;
  /** Why there are no rows to show. */
  problem?: string;
  rows?: ShownRows;
  /** Rows looked at, where they can be counted. */
  lookedAt?: number;
  failing: ShownFailure[];
  /** True: more rows fail than are listed. */
  moreFail: boolean;
  onError: OnError;
  mode: InsertMode;
  newTable?: ShownNewTable;
  /** Why Insert cannot be pressed. */
  refusal?: string;
}

/** Host to page. */
export type InsertHostMessage =
  | { type: 'show'; insert: InsertSnapshot }
  /** As on the results page. */
  | Extract<HostMessage, { type: 'window' | 'copying' | 'copied' }>
  | { type: 'failed'; requestId: number; message: string };

/** Page to host. */
export type InsertPageMessage =
  | { type: 'ready' }
  /** As on the results page; `resultId` is the id of the shown rows. */
  | Extract<WebviewMessage, { type: 'window' | 'abandon' | 'copyAs' }>
  | { type: 'showKind'; kind: number }
  /** How the shown file is read; what is absent stays. */
  | { type: 'read'; change: Partial<ShownReading> }
  /** As its first lines look: `other` of the snapshot. */
  | { type: 'readAsOther' }
  /** Another target for a column of the file, by its place; without one the column is left out. */
  | { type: 'map'; column: number; target?: string }
  | { type: 'onError'; onError: OnError }
  | { type: 'mode'; mode: InsertMode }
  /** Another type for a column of the new table. */
  | { type: 'columnType'; column: number; as: string }
  | { type: 'newTable'; change: Partial<Omit<ShownNewTable, 'edited'>> }
  /** The statement by the fields again. */
  | { type: 'resetStatement' }
  /** Create a table for the file instead. */
  | { type: 'createTable' }
  | { type: 'insert' }
  | { type: 'cancel' };
