import assert from 'node:assert/strict';
import { ClickHouseError, ConnectError, FileError } from '../../../../src/core/client/errors.ts';
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

  it('is cut for a notification and whole for the clipboard', () => {
    const { short, full } = errorText(new Error('x'.repeat(5_000)));
    assert.ok(short.length < 700);
    assert.ok(full.includes('x'.repeat(5_000)));
  });

  it('is there for anything that was thrown', () => {
    assert.equal(errorText('no Error at all').short, 'no Error at all.');
  });
});
