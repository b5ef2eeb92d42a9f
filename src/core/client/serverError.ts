import { AuthError, ClickHouseError, type ErrorPhase, type SourcePosition } from './errors.ts';

/** What a server's error text says. */
export interface ParsedServerError {
  /** 0 when the text has none. */
  readonly code: number;
  readonly name: string | undefined;
  readonly message: string;
  readonly version: string | undefined;
  readonly position: SourcePosition | undefined;
  /** Codes of the errors that the message quotes, in order: those of other servers in distributed queries. */
  readonly innerCodes: readonly number[];
}

const VERSION_TAIL = /\s*\(version ([^\s()]+)(?: \([^()]*\))?\)\s*$/;
const NAME_TAIL = /\s*\(([A-Z][A-Z0-9_]{2,})\)\s*$/;
const HEAD = /^Code: (\d+)[.,]\s*/;
const OLD_STYLE = /^e\.displayText\(\) = (?:DB::\w*Exception: )?/;
const OLD_END = /, e\.what\(\) = [\w: ]*$/;
const NEW_STYLE = /^DB::\w*Exception: /;
const INNER = /Code: (\d+)(?:\.|, e\.displayText\(\) =) DB::/g;
/** Line and column are there for statements of several lines only. */
const POSITION = /failed at position (\d+)(?: \([^]*?\))?(?: \(line (\d+), col(?:umn)? (\d+)\))?/;

/**
 * Reads `Code: 60. DB::Exception: … (UNKNOWN_TABLE) (version 26.7.2.1 (official build))` and the form
 * of old servers, `Code: 60, e.displayText() = DB::Exception: …, e.what() = …`. The name is the last
 * bracketed word, since messages may quote other errors.
 * @param headerCode `X-ClickHouse-Exception-Code`, which data cannot forge; it wins over the text.
 */
export function parseServerError(text: string, headerCode?: number): ParsedServerError {
  const trimmed = text.trim();
  const head = HEAD.exec(trimmed);
  let rest = head === null ? trimmed : trimmed.slice(head[0].length);
  const isOld = OLD_STYLE.test(rest);
  // e.what() may stand before or after the version.
  rest = isOld ? rest.replace(OLD_STYLE, '').replace(OLD_END, '') : rest;
  const version = VERSION_TAIL.exec(rest)?.[1];
  rest = rest.replace(VERSION_TAIL, '');
  if (isOld) rest = rest.replace(OLD_END, '');
  // Old servers give no name: brackets at the end are part of the message.
  const name = isOld ? undefined : NAME_TAIL.exec(rest)?.[1];
  if (name !== undefined) rest = rest.replace(NAME_TAIL, '');
  const message = rest.replace(NEW_STYLE, '');
  const textCode = head === null ? 0 : Number(head[1]);
  return {
    code: headerCode ?? textCode,
    // A forged text cannot lend its name to another error's code.
    name: headerCode === undefined || headerCode === textCode ? name : undefined,
    message: message.trim(),
    version,
    position: parsePosition(message),
    innerCodes: [...message.matchAll(INNER)].map((match) => Number(match[1])),
  };
}

function parsePosition(message: string): SourcePosition | undefined {
  const match = POSITION.exec(message);
  if (match === null) return undefined;
  const [, offset = '1', line = '1', column = offset] = match;
  return { offset: Number(offset), line: Number(line), column: Number(column) };
}

/** True for a text that only ClickHouse writes. */
export function looksLikeServerError(text: string): boolean {
  return /^\s*Code: \d+[.,]/.test(text);
}

export interface ServerErrorContext {
  readonly queryId: string;
  readonly phase: ErrorPhase;
  readonly headerCode?: number | undefined;
  readonly httpStatus?: number | undefined;
  readonly bytesReceived?: number;
  /** True: the statement changes data, so a part of it may have been done. */
  readonly ambiguous?: boolean;
  /** Rows that the server had written when it failed, where it said so. */
  readonly writtenRows?: number | undefined;
}

const AUTH_CODES = new Set([192, 193, 194, 516]);
/** Refused before anything ran: too many queries, not enough memory to start, user limit. */
const NOT_STARTED_CODES = new Set([202, 439, 745]);

/** Found before a statement starts: syntax, unknown names, rights, settings, session. */
const NOTHING_DONE_CODES = new Set([
  ...AUTH_CODES,
  ...NOT_STARTED_CODES,
  16,
  46,
  47,
  57,
  60,
  62,
  73,
  81,
  82,
  115,
  164,
  216,
  372,
  373,
  456,
  457,
  497,
]);

/** A server that passes on the error of another one had started the statement itself. */
function isPassedOn(parsed: ParsedServerError): boolean {
  return parsed.innerCodes.length > 0 || parsed.message.includes('Received from ');
}

function isNotStarted(parsed: ParsedServerError, phase: ErrorPhase): boolean {
  return phase === 'headers' && NOT_STARTED_CODES.has(parsed.code) && !isPassedOn(parsed);
}

function isNothingDone(parsed: ParsedServerError, phase: ErrorPhase): boolean {
  return phase === 'headers' && NOTHING_DONE_CODES.has(parsed.code) && !isPassedOn(parsed);
}

/** The typed error for a server's error text. */
export function serverError(text: string, context: ServerErrorContext): ClickHouseError {
  const parsed = parseServerError(text, context.headerCode);
  const label =
    parsed.name === undefined ? `Code ${parsed.code}` : `${parsed.name} (${parsed.code})`;
  const message = `${label}: ${parsed.message === '' ? 'the server gave no text' : parsed.message}`;
  const isAuth = AUTH_CODES.has(parsed.code);
  const details = {
    code: parsed.code,
    errorName: parsed.name,
    serverVersion: parsed.version,
    httpStatus: context.httpStatus,
    phase: context.phase,
    bytesReceived: context.bytesReceived ?? 0,
    position: parsed.position,
    innerCodes: parsed.innerCodes,
    raw: text,
    queryId: context.queryId,
    hint: isAuth ? 'Check user name and password of the connection.' : HINTS[parsed.code],
    ambiguous: (context.ambiguous ?? false) && !isNothingDone(parsed, context.phase),
    writtenRows: context.writtenRows,
    retryable: isNotStarted(parsed, context.phase),
  };
  return isAuth ? new AuthError(message, details) : new ClickHouseError(message, details);
}

const HINTS: Readonly<Record<number, string>> = {
  115: 'This server does not have that setting: it may be of another version.',
  164: 'This user is read-only and must not change settings or data.',
  202: 'The server runs as many queries as it allows. Try again in a moment.',
  209: 'The server waited too long for data.',
  216: 'A query with this id still runs. Use another id.',
  241: 'The query needs more memory than the server allows.',
  373: 'Another query runs in this session.',
  394: 'The query was cancelled on the server.',
  456: 'Give a value for the parameter.',
  457: 'The value of the parameter does not fit its type.',
  497: 'The user lacks the right for this.',
};
