import assert from 'node:assert/strict';
import { lostText } from '../../../../src/host/session/lostText.ts';

const NOTHING = {
  statements: [],
  temporaryTables: [],
  settings: [],
  database: undefined,
  inTransaction: false,
  perhaps: [],
  steps: [],
};

describe('what went with a session', () => {
  it('is told without the secrets that it held', () => {
    const statements = ["SET param_password = 'geheim'", 'USE system'];
    assert.equal(
      lostText({ ...NOTHING, statements, temporaryTables: ['mine'] }),
      "temporary tables (mine) and settings (SET param_password = '[HIDDEN]'; USE system) are gone.",
    );
  });
});
