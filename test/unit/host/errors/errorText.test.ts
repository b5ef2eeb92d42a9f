import assert from 'node:assert/strict';
import { ClickHouseError, ConnectError, FileError } from '../../../../src/core/client/errors.ts';
import { serverError } from '../../../../src/core/client/serverError.ts';
import { EngineError } from '../../../../src/core/engine/errors.ts';
import { errorText } from '../../../../src/host/errors/errorText.ts';

describe('the text of an error', () => {
  it('says what happened, and the hint', () => {
    const error = new ConnectError('No connection to http://h:1.', 'ECONNREFUSED', {
      hint: 'Check the port.',
    });
    assert.equal(errorText(error).short, 'No connection to http://h:1. Check the port.');
    const engine = new EngineError(
      'engineNotFound',
      'There is no local ClickHouse.',
      'Install it.',
    );
    assert.equal(errorText(engine).short, 'There is no local ClickHouse. Install it.');
  });

  it('begins with what is safe, as sentences', () => {
    const error = new FileError('/x', 'The disk is full', 'ENOSPC');
    assert.equal(
      errorText(error, 'x.csv was not saved').short,
      'x.csv was not saved. The disk is full.',
    );
  });

  it("has the code and the query id of the server's errors", () => {
    const error = new ClickHouseError('Table t does not exist.', {
      code: 60,
      errorName: 'UNKNOWN_TABLE',
      phase: 'headers',
      raw: '',
      queryId: 'q-1',
    });
    assert.equal(errorText(error).short, 'Table t does not exist (code 60, UNKNOWN_TABLE).');
    assert.match(errorText(error).full, /Query id: q-1/);
  });

  it('says the code and its name once', () => {
    const raw =
      'Code: 516. DB::Exception: bob: Authentication failed. (AUTHENTICATION_FAILED) (version 26.7.2.1)';
    const { short, full } = errorText(serverError(raw, { queryId: 'q', phase: 'headers' }));
    for (const text of [short, full]) {
      assert.equal(text.split('AUTHENTICATION_FAILED').length, 2, text);
      assert.equal(text.split('516').length, 2, text);
    }
    assert.match(short, /^bob: Authentication failed \(code 516, AUTHENTICATION_FAILED\)\. Check/);
  });

  it("leaves the parser's dump to the clipboard", () => {
    // As ClickHouse 26.7 says it about a CSV row that is too long.
    const raw = `Code: 117. DB::Exception: Expected end of line: (at row 3)\n: \nRow 2:\nColumn 0,   name: n, type: UInt32, parsed text: "2"\nColumn 1,   name: s, type: String, parsed text: "two"\n\nRow 3:\nColumn 0,   name: n, type: UInt32, parsed text: "3"\nERROR: There is no line feed. "e" found instead.\n\n: While executing ParallelParsingBlockInputFormat. (INCORRECT_DATA) (version 26.7.2.1)`;
    const error = serverError(raw, { queryId: 'q', phase: 'headers' });
    const { short, full } = errorText(error, 'Nothing was inserted');
    assert.equal(
      short,
      'Nothing was inserted. Expected end of line: (at row 3) (code 117, INCORRECT_DATA).',
    );
    assert.match(full, /parsed text: "two"/);
  });

  it('ends a long text with a whole sentence where it can', () => {
    const first = `${'word '.repeat(40)}end.`;
    const { short } = errorText(new Error(`${first} ${'more '.repeat(100)}`));
    assert.equal(short, first);
  });

  it('is cut for a notification and whole for the clipboard', () => {
    const { short, full } = errorText(new Error('x'.repeat(5_000)));
    assert.ok(short.length < 400);
    assert.ok(full.includes('x'.repeat(5_000)));
  });

  it('is there for anything that was thrown', () => {
    assert.equal(errorText('no Error at all').short, 'no Error at all.');
  });
});
