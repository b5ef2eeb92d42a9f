import assert from 'node:assert/strict';
import {
  ResultTooLargeError,
  SuspectedTruncationError,
  isRowhouseError,
} from '../../../../src/core/client/errors.ts';
import { serverError } from '../../../../src/core/client/serverError.ts';
import { proxyRefusal, transportError } from '../../../../src/core/client/transportError.ts';
import { errorHint } from '../../../../src/host/errors/errorParts.ts';
import { toShownError } from '../../../../src/host/results/shownError.ts';

const context = { url: 'https://h:8443', queryId: 'q', bytesReceived: 0, writes: true };
const NOT_SENT = { ...context, sent: false, gotHeaders: false };
const NO_REPLY = { ...context, sent: true, gotHeaders: false };
const IN_BODY = { ...context, sent: true, gotHeaders: true };

const failed = (code: string, at: Parameters<typeof transportError>[1]): Error =>
  transportError(Object.assign(new Error('no'), { code }), at);

/** Words of the library's calls and of connection options that the extension does not have. */
const NOT_OURS =
  /idleTimeoutMs|timeout|noProxy|rawStream|rawQuery|saveTo|maxBytes|compression "|to the connection|of (the|this) connection/;

describe('the hint of an error', () => {
  const syntax = serverError('Code: 62. DB::Exception: no', { queryId: 'q', phase: 'body' });
  const errors: Record<string, Error> = {
    'connect timeout': failed('UND_ERR_CONNECT_TIMEOUT', NOT_SENT),
    'headers timeout': failed('UND_ERR_HEADERS_TIMEOUT', NO_REPLY),
    'body timeout': failed('UND_ERR_BODY_TIMEOUT', IN_BODY),
    'unknown authority': failed('UNABLE_TO_VERIFY_LEAF_SIGNATURE', NOT_SENT),
    'self-signed': failed('DEPTH_ZERO_SELF_SIGNED_CERT', NOT_SENT),
    expired: failed('CERT_HAS_EXPIRED', NOT_SENT),
    'other host': failed('ERR_TLS_CERT_ALTNAME_INVALID', NOT_SENT),
    'TLS alert': failed('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', NO_REPLY),
    'damaged reply': failed('Z_DATA_ERROR', IN_BODY),
    'proxy password': proxyRefusal(context, 407, undefined),
    'proxy refusal': proxyRefusal(context, 403, undefined),
    'too large': new ResultTooLargeError(10),
    'suspected error': new SuspectedTruncationError(10, syntax),
  };
  for (const [name, error] of Object.entries(errors)) {
    it(`names only what users of the extension have: ${name}`, () => {
      const hint = errorHint(error) ?? '';
      assert.ok(hint.length > 20, hint);
      assert.doesNotMatch(hint, NOT_OURS);
      assert.equal(toShownError(error).hint, hint, 'the Results view says the same');
    });
  }

  it('tells how to trust a certificate authority', () => {
    assert.match(errorHint(errors['unknown authority']) ?? '', /"tls": \{"ca"/);
    assert.match(errorHint(errors['other host']) ?? '', /host name in the URL/);
  });

  it('keeps the warning about a statement that may have been executed', () => {
    for (const code of ['ECONNRESET', 'ETIMEDOUT']) {
      assert.match(errorHint(failed(code, NO_REPLY)) ?? '', /may have been executed/);
    }
  });

  it("is the library's own where that one fits", () => {
    const refused = failed('ECONNREFUSED', NOT_SENT);
    assert.ok(isRowhouseError(refused));
    assert.equal(errorHint(refused), refused.hint);
    assert.equal(errorHint(new Error('x')), undefined);
  });
});
