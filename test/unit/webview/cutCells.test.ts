import assert from 'node:assert/strict';
import { CUT_TEXT } from '../../../src/shared/limits.ts';
import { markCut } from '../../../webview/grid/cutCells.ts';

describe('cells that came cut', () => {
  it('end where they are still exact, with an ellipsis; the others stay', () => {
    const long = 'x'.repeat(CUT_TEXT + 5);
    const reader = () => ({ text: long, isNull: false });
    const [third, seventh] = markCut([reader, reader], [3, 7], 100, [{ row: 102, column: 7 }]);
    assert.equal(third, reader);
    assert.equal(seventh?.(1).text, long);
    assert.equal(seventh(2).text, `${'x'.repeat(CUT_TEXT)}…`);
  });
});
