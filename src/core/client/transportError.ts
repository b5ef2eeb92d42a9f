import {
  ConnectError,
  IdleTimeoutError,
  isRowhouseError,
  ProtocolError,
  type RowhouseError,
  TruncatedResponseError,
  UsageError,
  WrongPortError,
} from './errors.ts';

export interface TransportContext {
  /** The server's URL without credentials. */
  readonly url: string;
  readonly queryId: string;
  /** URL of the proxy on the way. */
  readonly proxy?: string | undefined;
  /** What the tunnel on the way says. */
  readonly tunnelProblem?: string | undefined;
  /** False: the request was not written to any connection. */
  readonly sent: boolean;
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
  'EPROTO',
]);
const TIMEOUT_CODES = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'ETIMEDOUT']);
const RESET_CODES = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** undici's words for a proxy that refuses to make a tunnel; it has no code of its own. */
const TUNNEL_REFUSED = /Proxy response \((\d+)\) !== 200/;
const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_PURPOSE|ERR_SSL_)/;

/** zlib's, Brotli's and zstd's own codes; `Z_BUF_ERROR` is a cut body. */
const DECODER_CODES = /^(Z_|ERR_?_|ZSTD_)/;

/** The typed error for what undici, the socket or TLS reported. */
export function transportError(error: unknown, context: TransportContext): RowhouseError {
  if (isRowhouseError(error)) return error;
  const code = errorCode(error);
  const details = { cause: error, queryId: context.queryId };
  const { url } = context;
  if (code === 'UND_ERR_INVALID_ARG') {
    return new UsageError(`The request cannot be made: ${text(error)}.`, details);
  }
  const early = context.gotHeaders ? undefined : beforeHeaders(error, code ?? '', context);
  if (early !== undefined) return early;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new IdleTimeoutError(`${url} sent nothing for longer than the call allows.`, {
      ...details,
      hint: 'Raise idleTimeoutMs if the query may be silent that long. It may still run on the server.',
      ambiguous: true,
    });
  }
  if (context.gotHeaders && code !== 'Z_BUF_ERROR' && DECODER_CODES.test(code ?? '')) {
    return new ProtocolError(
      `The compressed reply of ${url} is damaged: ${text(error)}.`,
      undefined,
      {
        ...details,
        hint: 'What came is not the whole result. If it repeats, use compression "none" and look at proxies in between.',
        ambiguous: context.writes,
      },
    );
  }
  if (context.gotHeaders) return truncated(context, details);
  return new ProtocolError(`The request to ${url} failed: ${text(error)}.`, undefined, {
    ...details,
    ambiguous: context.writes && context.sent,
  });
}

function beforeHeaders(
  error: unknown,
  code: string,
  context: TransportContext,
): RowhouseError | undefined {
  const tunnel = TUNNEL_REFUSED.exec(text(error))?.[1];
  if (tunnel !== undefined) return proxyRefusal(context, Number(tunnel), error);
  if (CERTIFICATE_CODES.test(code) || NOT_TLS_CODES.has(code)) {
    return tlsError(error, code, context);
  }
  if (!context.sent) return notConnected(error, code, context);
  return endedEarly(error, code, context);
}

/** Nothing was sent, so everything but a wrong name may be tried again. */
function notConnected(
  error: unknown,
  code: string,
  { url, proxy, queryId }: TransportContext,
): ConnectError | undefined {
  const details = { cause: error, queryId, retryable: true, phase: 'connect' as const };
  const target = proxy === undefined ? url : `the proxy ${redacted(proxy)} (on the way to ${url})`;
  if (LOOKUP_CODES.has(code)) {
    return new ConnectError(`The host of ${target} was not found.`, code, {
      ...details,
      hint: 'Check the host name and the network (VPN, DNS).',
    });
  }
  if (REFUSED_CODES.has(code)) {
    return new ConnectError(`No connection to ${target}: nothing accepts it there.`, code, {
      ...details,
      hint:
        proxy === undefined
          ? 'Check that the server runs, and that host, port and firewall are right. The HTTP interface is mostly on port 8123, or 8443 with TLS.'
          : 'Check the proxy of the connection, or list the host under noProxy.',
    });
  }
  if (TIMEOUT_CODES.has(code)) {
    return new ConnectError(`No connection to ${target} in time.`, code, {
      ...details,
      hint: 'Check host, port and firewall, or raise the connect timeout.',
    });
  }
  if (RESET_CODES.has(code)) {
    return new ConnectError(`The connection to ${target} ended while it was set up.`, code, {
      ...details,
      hint: 'Try again. If this always happens, check the port, and http:// against https://.',
    });
  }
  return undefined;
}

/** The request went out and the connection ended, or something else than HTTP came back. */
function endedEarly(
  error: unknown,
  code: string,
  context: TransportContext,
): RowhouseError | undefined {
  const details = { cause: error, queryId: context.queryId };
  if (code === 'HPE_INVALID_EOF_STATE') {
    return new TruncatedResponseError(
      `The connection to ${context.url} ended in the middle of the reply's headers.`,
      0,
      {
        ...details,
        hint: 'Look at the server log and at proxies in between.',
        ambiguous: context.writes,
      },
    );
  }
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return new WrongPortError(`What answers at ${context.url} does not speak HTTP.`, {
      ...details,
      hint: context.url.startsWith('https:')
        ? 'Check host and port. ClickHouse speaks HTTPS mostly on port 8443.'
        : 'Check the port: 8123 is the usual one for http://, 8443 for https://. 9000 is for native clients. If this is the TLS port, write https://.',
    });
  }
  if (!RESET_CODES.has(code) && code !== 'ETIMEDOUT') return undefined;
  if (context.tunnelProblem !== undefined)
    return behindTunnel(context, context.tunnelProblem, error);
  return new ConnectError(
    `The server at ${context.url} closed the connection without an answer.`,
    code,
    {
      ...details,
      phase: 'send',
      hint: `${context.writes ? 'The statement may have been executed. Check before you repeat it.' : 'Try again.'} If this always happens, check the port, and ${
        context.url.startsWith('https:')
          ? 'whether the server wants a client certificate.'
          : 'http:// against https://.'
      }`,
      ambiguous: context.writes,
      retryable: !context.writes,
    },
  );
}

/** The tunnel took the request, but it did not get out of it. */
function behindTunnel({ url, queryId }: TransportContext, said: string, cause: unknown) {
  return new ConnectError(`The SSH server does not reach ${url}: ${said}.`, 'SSH', {
    queryId,
    cause,
    phase: 'connect',
    hint: 'The host of the URL is looked up from the SSH server: "localhost" there is that server itself.',
  });
}

function tlsError(error: unknown, code: string, { url, queryId }: TransportContext): RowhouseError {
  const details = { cause: error, queryId };
  if (NOT_TLS_CODES.has(code)) {
    return new WrongPortError(`The server at ${url} does not speak TLS on this port.`, {
      ...details,
      hint: 'Use http:// for this port, or the TLS port of the server, mostly 8443.',
    });
  }
  if (code.includes('_ALERT_')) {
    return new ConnectError(
      `The server at ${url} refused the TLS connection: ${text(error)}.`,
      code,
      {
        ...details,
        hint: 'It may ask for a client certificate, or not accept the one of this connection.',
      },
    );
  }
  return new ConnectError(`The TLS certificate of ${url} was not accepted: ${text(error)}.`, code, {
    ...details,
    hint: 'Add the certificate authority of the server to the connection, or check the host name.',
  });
}

/** A proxy did not let the request through; `status` is its answer. */
export function proxyRefusal(
  context: { readonly url: string; readonly queryId: string },
  status: number,
  cause: unknown,
): ConnectError {
  const isAuth = status === 407;
  return new ConnectError(
    isAuth
      ? `The proxy before ${context.url} asks for a user and password (407).`
      : `The proxy did not connect to ${context.url} (HTTP status ${status}).`,
    isAuth ? 'PROXY_AUTH' : 'PROXY_REFUSED',
    {
      queryId: context.queryId,
      cause,
      hint: isAuth
        ? 'Give the proxy authorization of the connection, for example "Basic …".'
        : 'Check that the proxy may reach this host and port, or list the host under noProxy.',
    },
  );
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

/** The most telling code of an error: `AggregateError` of several addresses carries it inside. */
function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  return 'cause' in error ? errorCode(error.cause) : undefined;
}

/** A proxy's URL may carry a password. */
function redacted(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).origin : 'of this connection';
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
