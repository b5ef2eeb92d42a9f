/** Every error that the client core throws. Recognise them by `kind` or the `isX` guards, which also work across copies of the library. */
import type { CancelOutcome } from './cancelSurface.ts';
import type { SessionHoldings } from './surface.ts';

export type ErrorKind =
  | 'clickhouse'
  | 'connect'
  | 'wrongPort'
  | 'auth'
  | 'sessionBusy'
  | 'sessionLost'
  | 'truncatedResponse'
  | 'resultTooLarge'
  | 'parameter'
  | 'cancelled'
  | 'usage'
  | 'file'
  | 'protocol'
  | 'timeout';

export interface ErrorDetails {
  /** What to do next, in plain English. */
  hint?: string | undefined;
  queryId?: string | undefined;
  cause?: unknown;
  /** True: the server may have executed (part of) the statement although it failed. */
  ambiguous?: boolean;
  /** True: repeating the same call may succeed and is safe. */
  retryable?: boolean;
}

const BRAND = Symbol.for('rowhouse.error');

/** Base of all errors; `kind` is stable, the message is not. */
export class RowhouseError extends Error {
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly queryId: string | undefined;
  readonly ambiguous: boolean;
  readonly retryable: boolean;
  readonly [BRAND] = true;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.hint = details.hint;
    this.queryId = details.queryId;
    this.ambiguous = details.ambiguous ?? false;
    this.retryable = details.retryable ?? false;
  }
}

/** Where a failure was noticed. */
export type ErrorPhase = 'connect' | 'send' | 'headers' | 'body';

export interface ServerErrorDetails extends ErrorDetails {
  /** ClickHouse error code, for example 60; 0 when the text had none. */
  code: number;
  /** Its name, for example `UNKNOWN_TABLE`, when the server gave one. */
  errorName?: string | undefined;
  serverVersion?: string | undefined;
  httpStatus?: number | undefined;
  phase: ErrorPhase;
  /** Body bytes handed over before the error. */
  bytesReceived?: number;
  /** Place of a syntax error in the statement, 1-based, as the server counts. */
  position?: SourcePosition | undefined;
  /** Codes of the errors that the message quotes, for example of other servers in a distributed query. */
  innerCodes?: readonly number[];
  /** The server's text as it came. */
  raw: string;
  /** Rows written before the failure, as far as the server said. */
  writtenRows?: number | undefined;
}

export interface SourcePosition {
  /** 1-based byte offset in the statement. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** The server refused or stopped the statement. */
export class ClickHouseError extends RowhouseError {
  readonly code: number;
  /** For example `UNKNOWN_TABLE`; undefined for servers that do not say. */
  readonly errorName: string | undefined;
  readonly serverVersion: string | undefined;
  readonly httpStatus: number | undefined;
  readonly phase: ErrorPhase;
  readonly bytesReceived: number;
  readonly position: SourcePosition | undefined;
  /** Codes of the errors that the message quotes; `code` is the outermost one. */
  readonly innerCodes: readonly number[];
  readonly raw: string;
  /** Rows written before the failure, as far as the server said; they stay. */
  readonly writtenRows: number | undefined;

  constructor(message: string, details: ServerErrorDetails, kind: ErrorKind = 'clickhouse') {
    super(kind, message, details);
    this.code = details.code;
    this.errorName = details.errorName;
    this.serverVersion = details.serverVersion;
    this.httpStatus = details.httpStatus;
    this.phase = details.phase;
    this.bytesReceived = details.bytesReceived ?? 0;
    this.position = details.position;
    this.innerCodes = details.innerCodes ?? [];
    this.raw = details.raw;
    this.writtenRows = details.writtenRows;
  }
}

/** The server does not accept the user, password, token or certificate. */
export class AuthError extends ClickHouseError {
  constructor(message: string, details: ServerErrorDetails) {
    super(message, details, 'auth');
  }
}

/** The session is gone on the server, with all it held. Nothing was executed. */
export class SessionLostError extends RowhouseError {
  readonly sessionId: string;
  readonly lost: SessionHoldings;
  constructor(message: string, sessionId: string, lost: SessionHoldings, details: ErrorDetails) {
    super('sessionLost', message, details);
    this.sessionId = sessionId;
    this.lost = lost;
  }
}

/** The session runs another statement and was asked not to queue, or its queue is full. */
export class SessionBusyError extends RowhouseError {
  readonly sessionId: string;
  constructor(message: string, sessionId: string, details: ErrorDetails = {}) {
    super('sessionBusy', message, details);
    this.sessionId = sessionId;
  }
}

/** No connection: name lookup, TCP, proxy or TLS failed, or the connection ended without an answer. */
export class ConnectError extends RowhouseError {
  /** The system's or TLS's code, for example `ECONNREFUSED`, or `PROXY_AUTH`, `PROXY_REFUSED`. */
  readonly code: string | undefined;
  /** `connect`: the statement was not sent. `send`: the connection ended before the reply. */
  readonly phase: 'connect' | 'send';
  constructor(
    message: string,
    code: string | undefined,
    details: ErrorDetails & { phase?: 'connect' | 'send' } = {},
  ) {
    super('connect', message, details);
    this.code = code;
    this.phase = details.phase ?? 'connect';
  }
}

/** Something answers, but not ClickHouse's HTTP interface in the way the URL says. */
export class WrongPortError extends RowhouseError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('wrongPort', message, details);
  }
}

/** The connection ended before the reply was whole: what came is not the full result. */
export class TruncatedResponseError extends RowhouseError {
  readonly bytesReceived: number;
  constructor(message: string, bytesReceived: number, details: ErrorDetails = {}) {
    super('truncatedResponse', message, details);
    this.bytesReceived = bytesReceived;
  }
}

/**
 * The body ended in order, but with what looks like an error of the server. Servers before 24.11 write
 * errors behind the rows without a mark, so data that ends like this cannot be told from a failure.
 */
export class SuspectedTruncationError extends TruncatedResponseError {
  /** The error, if it is one. */
  readonly suspected: ClickHouseError;
  constructor(bytesReceived: number, suspected: ClickHouseError, details: ErrorDetails = {}) {
    super(
      `The result ends with what looks like an error of the server: ${suspected.message}`,
      bytesReceived,
      {
        hint: 'Old servers write errors into the result. rawQuery and saveTo are sure there, since the server holds the result back until the query ended.',
        cause: suspected,
        ...details,
      },
    );
    this.suspected = suspected;
  }
}

/** The result is larger than the call allows in memory. */
export class ResultTooLargeError extends RowhouseError {
  readonly maxBytes: number;
  constructor(maxBytes: number, details: ErrorDetails = {}) {
    super('resultTooLarge', `The result is larger than ${maxBytes} bytes.`, {
      hint: 'Use rawStream or saveTo, or raise maxBytes.',
      ...details,
    });
    this.maxBytes = maxBytes;
  }
}

/** A parameter value does not fit its type. Nothing was sent. */
export class ParameterError extends RowhouseError {
  readonly parameter: string;
  constructor(parameter: string, message: string, details: ErrorDetails = {}) {
    super('parameter', message, details);
    this.parameter = parameter;
  }
}

/** The caller stopped the call. `outcome` says later whether the server stopped too. */
export class CancelledError extends RowhouseError {
  /** Known after two seconds at the latest, unless the server is slow to answer. Rejects when it cannot be asked. */
  readonly outcome: Promise<CancelOutcome>;
  /** As `outcome`, but after `stillRunning` it goes on until the server no longer runs the query. */
  readonly gone: Promise<CancelOutcome>;
  /** False: it still waited or connected, so that no server knows of it. */
  readonly wasSent: boolean;
  constructor(
    message: string,
    outcome: Promise<CancelOutcome>,
    {
      gone = outcome,
      wasSent = true,
      ...details
    }: ErrorDetails & { gone?: Promise<CancelOutcome>; wasSent?: boolean } = {},
  ) {
    super('cancelled', message, details);
    this.outcome = outcome;
    this.gone = gone;
    this.wasSent = wasSent;
    // Who cancels need not ask what became of it: a server that cannot be asked must not end the process.
    for (const told of [outcome, gone]) told.catch(() => undefined);
  }
}

/** The server sent nothing for longer than the call allows. */
export class IdleTimeoutError extends RowhouseError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('timeout', message, details);
  }
}

/** A reply that is not ClickHouse's, for example from a proxy. */
export class ProtocolError extends RowhouseError {
  readonly httpStatus: number | undefined;
  /** `Retry-After` of the reply, milliseconds. */
  readonly retryAfterMs: number | undefined;
  constructor(
    message: string,
    httpStatus: number | undefined,
    details: ErrorDetails & { retryAfterMs?: number | undefined } = {},
  ) {
    super('protocol', message, details);
    this.httpStatus = httpStatus;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The call itself is wrong: options that exclude each other, a used-up stream, a closed client. */
export class UsageError extends RowhouseError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('usage', message, details);
  }
}

/** Reading or writing a file on this machine failed. */
export class FileError extends RowhouseError {
  readonly path: string;
  /** The system's code, for example `ENOSPC`, or `EXISTS`, `FORMAT`, `MAGIC` for own refusals. */
  readonly code: string | undefined;
  constructor(path: string, message: string, code: string | undefined, details: ErrorDetails = {}) {
    super('file', message, details);
    this.path = path;
    this.code = code;
  }
}

/** True for every error of this library, also from another copy of it. */
export function isRowhouseError(error: unknown): error is RowhouseError {
  return typeof error === 'object' && error !== null && BRAND in error;
}

function ofKind(error: unknown, ...kinds: ErrorKind[]): boolean {
  return isRowhouseError(error) && kinds.includes(error.kind);
}

/** True for errors that the server reported, authentication included. */
export function isClickHouseError(error: unknown): error is ClickHouseError {
  return ofKind(error, 'clickhouse', 'auth');
}
export function isAuthError(error: unknown): error is AuthError {
  return ofKind(error, 'auth');
}
export function isConnectError(error: unknown): error is ConnectError {
  return ofKind(error, 'connect');
}
export function isWrongPortError(error: unknown): error is WrongPortError {
  return ofKind(error, 'wrongPort');
}
export function isSessionBusyError(error: unknown): error is SessionBusyError {
  return ofKind(error, 'sessionBusy');
}
export function isSessionLostError(error: unknown): error is SessionLostError {
  return ofKind(error, 'sessionLost');
}
export function isTruncatedResponseError(error: unknown): error is TruncatedResponseError {
  return ofKind(error, 'truncatedResponse');
}
export function isSuspectedTruncationError(error: unknown): error is SuspectedTruncationError {
  return isTruncatedResponseError(error) && 'suspected' in error;
}
export function isResultTooLargeError(error: unknown): error is ResultTooLargeError {
  return ofKind(error, 'resultTooLarge');
}
export function isParameterError(error: unknown): error is ParameterError {
  return ofKind(error, 'parameter');
}
export function isCancelledError(error: unknown): error is CancelledError {
  return ofKind(error, 'cancelled');
}
/** True for `IdleTimeoutError`. */
export function isIdleTimeoutError(error: unknown): error is IdleTimeoutError {
  return ofKind(error, 'timeout');
}
export function isProtocolError(error: unknown): error is ProtocolError {
  return ofKind(error, 'protocol');
}
export function isUsageError(error: unknown): error is UsageError {
  return ofKind(error, 'usage');
}
export function isFileError(error: unknown): error is FileError {
  return ofKind(error, 'file');
}
