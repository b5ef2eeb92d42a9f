import assert from 'node:assert/strict';
import { parseServerError, serverError } from '../../../src/core/client/serverError.ts';

describe('parseServerError', () => {
  it('reads code, name, message and version of a current server', () => {
    assert.deepEqual(
      parseServerError(
        'Code: 60. DB::Exception: Table a.b does not exist. (UNKNOWN_TABLE) (version 26.7.2.1 (official build))\n',
      ),
      {
        code: 60,
        name: 'UNKNOWN_TABLE',
        message: 'Table a.b does not exist.',
        version: '26.7.2.1',
        position: undefined,
        innerCodes: [],
      },
    );
  });

  it('reads the text of an old server, which has no name', () => {
    const parsed = parseServerError(
      "Code: 60, e.displayText() = DB::Exception: Table default.x doesn't exist., e.what() = DB::Exception",
    );
    assert.equal(parsed.code, 60);
    assert.equal(parsed.message, "Table default.x doesn't exist.");
    assert.equal(parsed.name, undefined);
  });

  it('takes the last bracketed word as the name, not one quoted in the message', () => {
    const parsed = parseServerError(
      'Code: 395. DB::Exception: x (FAKE_NAME) y. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO) (version 26.7.2.1)',
    );
    assert.equal(parsed.name, 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO');
    assert.equal(parsed.message, 'x (FAKE_NAME) y.');
  });

  it('believes the header code, not a forged text', () => {
    const parsed = parseServerError('Code: 60. DB::Exception: forged (UNKNOWN_TABLE)', 395);
    assert.equal(parsed.code, 395);
    assert.equal(parsed.name, undefined);
  });

  it('takes no name from the text of a server that gives none', () => {
    const parsed = parseServerError(
      "Code: 60, e.displayText() = DB::Exception: Table doesn't exist (FAKE_NAME) (version 20.3.4.10 (official build)), e.what() = DB::Exception",
    );
    assert.deepEqual(
      [parsed.code, parsed.name, parsed.message, parsed.version],
      [60, undefined, "Table doesn't exist (FAKE_NAME)", '20.3.4.10'],
    );
  });

  it('keeps the outermost error of a distributed query and lists the others', () => {
    const parsed = parseServerError(
      'Code: 279. DB::NetException: All connection tries failed. Log: \n\n' +
        'Code: 210. DB::NetException: Connection refused (a:9000). (NETWORK_ERROR) (version 26.7.2.1)\n' +
        'Code: 209. DB::NetException: Timeout (b:9000). (SOCKET_TIMEOUT) (version 26.7.2.1)\n\n. ' +
        '(ALL_CONNECTION_TRIES_FAILED) (version 26.7.2.1 (official build))',
    );
    assert.equal(parsed.code, 279);
    assert.equal(parsed.name, 'ALL_CONNECTION_TRIES_FAILED');
    assert.deepEqual(parsed.innerCodes, [210, 209]);
  });

  it('reads a text without a version, as servers send it before a login', () => {
    const parsed = parseServerError('Code: 516. DB::Exception: u: no. (AUTHENTICATION_FAILED)');
    assert.deepEqual([parsed.name, parsed.version], ['AUTHENTICATION_FAILED', undefined]);
  });

  it('keeps the place of a syntax error', () => {
    const parsed = parseServerError(
      'Code: 62. DB::Exception: Syntax error: failed at position 8 (FRM) (line 1, col 8): FRM t. Expected one of: FROM. (SYNTAX_ERROR) (version 26.7.2.1)',
    );
    assert.deepEqual(parsed.position, { offset: 8, line: 1, column: 8 });
  });
});

describe('serverError', () => {
  const context = { queryId: 'q', phase: 'headers', ambiguous: true } as const;

  it('says that nothing was done for errors found before a statement starts', () => {
    const unknownTable = serverError('Code: 60. DB::Exception: no (UNKNOWN_TABLE)', context);
    const memory = serverError('Code: 241. DB::Exception: much (MEMORY_LIMIT_EXCEEDED)', context);
    assert.equal(unknownTable.ambiguous, false);
    assert.equal(memory.ambiguous, true);
  });

  it('makes authentication errors their own kind', () => {
    const error = serverError('Code: 516. DB::Exception: no (AUTHENTICATION_FAILED)', context);
    assert.equal(error.kind, 'auth');
    assert.match(error.hint ?? '', /password/);
  });
});
