import {
  ConnectError,
  IdleTimeoutError,
  isRowhouseError,
  ProtocolError,
  type RowhouseError,
  TruncatedResponseError,
  WrongPortError,
} from './errors.ts';

export interface TransportContext {
  /** The server's URL without credentials. */
  readonly url: string;
  readonly queryId: string;
  /** True once the header block of the reply was read. */
  readonly gotHeaders: boolean;
  readonly bytesReceived: number;
  /** True: the statement may change data. */
  readonly writes: boolean;
}

const LOOKUP_CODES = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA']);
const REFUSED_CODES = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
]);
/** OpenSSL's names for "what answers does not speak TLS". */
const NOT_TLS_CODES = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNKNOWN_PROTOCOL',
]);
const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_PURPOSE|ERR_SSL_)/;

/** The typed error for what undici, the socket or TLS reported. */
export function transportError(error: unknown, context: TransportContext): RowhouseError {
  if (isRowhouseError(error)) return error;
  const code = errorCode(error);
  const details = { cause: error, queryId: context.queryId };
  const { url } = context;
  if (code !== undefined && LOOKUP_CODES.has(code)) {
    return new ConnectError(`The host of ${url} was not found.`, code, {
      ...details,
      hint: 'Check the host name and the network (VPN, DNS).',
      retryable: true,
    });
  }
  if (code !== undefined && REFUSED_CODES.has(code)) {
    return new ConnectError(`${url} cannot be reached: nothing accepts the connection.`, code, {
      ...details,
      hint: 'Check that the server runs, and that host, port and firewall are right. The HTTP interface is mostly on port 8123, or 8443 with TLS.',
      retryable: true,
    });
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || (code === 'ETIMEDOUT' && !context.gotHeaders)) {
    return new ConnectError(`${url} did not answer in time.`, code, {
      ...details,
      hint: 'Check host, port and firewall, or raise the connect timeout.',
      retryable: true,
    });
  }
  if (code !== undefined && (NOT_TLS_CODES.has(code) || code === 'EPROTO')) {
    return new WrongPortError(`The server at ${url} does not speak TLS on this port.`, {
      ...details,
      hint: 'Use http:// for this port, or the TLS port of the server, mostly 8443.',
    });
  }
  if (code !== undefined && !context.gotHeaders && CERTIFICATE_CODES.test(code)) {
    return new ConnectError(
      `The TLS certificate of ${url} was not accepted: ${text(error)}.`,
      code,
      {
        ...details,
        hint: 'Add the certificate authority of the server to the connection, or check the host name.',
      },
    );
  }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new IdleTimeoutError(`${url} sent nothing for longer than the call allows.`, {
      ...details,
      hint: 'Raise idleTimeoutMs if the query may be silent that long. It may still run on the server.',
      ambiguous: true,
    });
  }
  if (context.gotHeaders) return truncated(context, details);
  return beforeHeaders(error, code, context);
}

function truncated(
  context: TransportContext,
  details: { cause: unknown; queryId: string },
): TruncatedResponseError {
  return new TruncatedResponseError(
    `The connection to ${context.url} ended before the result was complete (${context.bytesReceived} bytes came).`,
    context.bytesReceived,
    {
      ...details,
      hint: 'What came is not the whole result. Run the statement again; if it repeats, look at the server log and at proxies in between.',
      ambiguous: context.writes,
    },
  );
}

function beforeHeaders(
  error: unknown,
  code: string | undefined,
  context: TransportContext,
): RowhouseError {
  const details = { cause: error, queryId: context.queryId };
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new WrongPortError(`What answers at ${context.url} does not speak HTTP.`, {
      ...details,
      hint: context.url.startsWith('https:')
        ? 'Check host and port. ClickHouse speaks HTTPS mostly on port 8443.'
        : 'Check the port: 8123 is the usual one for http://, 8443 for https://. 9000 is for native clients. If this is the TLS port, write https://.',
    });
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') {
    return new ConnectError(
      `The server at ${context.url} closed the connection without an answer.`,
      code,
      {
        ...details,
        hint: context.writes
          ? 'The statement may have been executed. Check before you repeat it. If this always happens, check the port, and http:// against https://.'
          : 'Try again. If this always happens, check the port, and http:// against https://.',
        ambiguous: context.writes,
        retryable: !context.writes,
      },
    );
  }
  return new ProtocolError(`The request to ${context.url} failed: ${text(error)}.`, undefined, {
    ...details,
    ambiguous: context.writes,
  });
}

/** The most telling code of an error: `AggregateError` of several addresses carries it inside. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return 'cause' in error ? errorCode(error.cause) : undefined;
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
