import {
  type RowhouseError,
  isClickHouseError,
  isConnectError,
  isIdleTimeoutError,
  isProtocolError,
  isResultTooLargeError,
  isRowhouseError,
  isSuspectedTruncationError,
} from '../../core/client/errors.ts';
import { isEngineError } from '../../core/engine/errors.ts';

/** The client library puts code and name before the server's text; here they have places of their own. */
const CODE_PREFIX = /^(?:\w+ \(\d+\)|Code \d+): /;

/** What happened, without the code and name of the server's errors. */
export function errorMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isClickHouseError(error) ? message.replace(CODE_PREFIX, '') : message;
}

/** OpenSSL's codes for a certificate that no trusted authority signed. */
const UNKNOWN_AUTHORITY = /^(DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_|UNABLE_TO_|CERT_UNTRUSTED)/;
const TIMEOUT = /TIMEOUT$|^ETIMEDOUT$/;

const OUT_OF_DATE = "The certificate is out of date, or this machine's clock is wrong.";
const OTHER_HOST =
  'The certificate is for another host: check the host name in the URL, or give the name that it is for as "tls.serverName".';

const HINTS_BY_CODE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: OUT_OF_DATE,
  CERT_NOT_YET_VALID: OUT_OF_DATE,
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
  HOSTNAME_MISMATCH: OTHER_HOST,
  PROXY_AUTH:
    'Give the proxy\'s user and password in VS Code\'s "http.proxy" (http://user:password@host:port), or in HTTPS_PROXY of the environment.',
  PROXY_REFUSED:
    'Check that the proxy may reach this host and port. Edit the connection ("proxy": "none") for a direct way.',
};

function connectHint(code: string, isSent: boolean): string | undefined {
  if (UNKNOWN_AUTHORITY.test(code)) {
    return 'Give the connection the certificate of the authority that signed it ("tls": {"ca": "…"}).';
  }
  if (code.includes('_ALERT_')) {
    return 'It may ask for a client certificate: "tls.cert" and "tls.key" in the connection.';
  }
  if (TIMEOUT.test(code) && !isSent) return 'Check host, port and firewall (VPN).';
  return HINTS_BY_CODE[code];
}

/** The library's hint for these failures names options of its calls, which the extension's users lack. */
function ownHint(error: RowhouseError): string | undefined {
  if (isConnectError(error)) return connectHint(error.code ?? '', error.phase === 'send');
  if (isIdleTimeoutError(error) && error.ambiguous) {
    return 'The statement may still run on the server. Look there before you repeat it.';
  }
  if (isResultTooLargeError(error)) return 'Save the result to a file, or select less.';
  if (isSuspectedTruncationError(error)) {
    return 'Old servers write errors into the result. Save it to a file to be sure: then the server holds it back until the query has ended.';
  }
  if (isProtocolError(error) && error.httpStatus === undefined && error.hint !== undefined) {
    return 'What came may not be the whole result. Run it again; if it repeats, look at proxies in between.';
  }
  return undefined;
}

/** What to do next, with what a user of the extension has at hand; undefined when nothing is known. */
export function errorHint(error: unknown): string | undefined {
  if (isRowhouseError(error)) return ownHint(error) ?? error.hint;
  return isEngineError(error) && error.hint !== '' ? error.hint : undefined;
}
