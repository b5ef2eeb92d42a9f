import assert from 'node:assert/strict';
import {
  hideColumns,
  initialLayout,
  moveColumn,
  pinColumns,
  pinnedCount,
  showOnly,
  shownColumns,
} from '../../../webview/grid/columnLayout.ts';
import { layoutOf, readColumnState, stateOf } from '../../../webview/grid/columnState.ts';

const five = initialLayout(5);

describe('order of columns', () => {
  it('moves a column to a position, to both sides', () => {
    assert.deepEqual(shownColumns(moveColumn(five, 0, 3)), [1, 2, 3, 0, 4]);
    assert.deepEqual(shownColumns(moveColumn(five, 4, 0)), [4, 0, 1, 2, 3]);
    assert.deepEqual(shownColumns(moveColumn(five, 1, 99)), [0, 2, 3, 4, 1]);
    assert.equal(moveColumn(five, 2, 2), five);
  });

  it('keeps pinned columns first, and moves within them', () => {
    const pinned = pinColumns(five, [3, 1], true);
    assert.deepEqual(shownColumns(pinned), [1, 3, 0, 2, 4]);
    assert.deepEqual(shownColumns(moveColumn(pinned, 3, 0)), [3, 1, 0, 2, 4]);
    assert.deepEqual(shownColumns(moveColumn(pinned, 4, 0)), [1, 3, 4, 0, 2]);
    assert.deepEqual(shownColumns(moveColumn(pinned, 1, 4)), [3, 1, 0, 2, 4]);
    // Unpinned, it goes back to where it was.
    assert.deepEqual(shownColumns(pinColumns(pinned, [3], false)), [1, 0, 2, 3, 4]);
  });

  it('hides and shows, with hidden columns keeping their place', () => {
    const hidden = hideColumns(five, [1, 2]);
    assert.deepEqual(shownColumns(hidden), [0, 3, 4]);
    assert.deepEqual(shownColumns(moveColumn(hidden, 4, 0)), [4, 0, 3]);
    assert.deepEqual(shownColumns(showOnly(hidden, [0, 1, 2, 3, 4])), [0, 1, 2, 3, 4]);
    assert.equal(pinnedCount(hideColumns(pinColumns(five, [0, 1], true), [1])), 1);
  });

  it('never hides the last column', () => {
    assert.equal(hideColumns(five, [0, 1, 2, 3, 4]), five);
    assert.equal(showOnly(five, []), five);
  });

  it('is kept as plain data, and read back only where it fits', () => {
    const changed = moveColumn(hideColumns(pinColumns(five, [2], true), [4]), 0, 3);
    const state = stateOf(changed, new Map([[1, 120]]));
    const read = readColumnState(JSON.parse(JSON.stringify(state)));
    assert.deepEqual(read, state);
    assert.deepEqual(shownColumns(layoutOf(read, 5)), shownColumns(changed));
    assert.deepEqual(layoutOf(read, 6), initialLayout(6));
    assert.equal(readColumnState({ order: 'no' }), undefined);
  });
});
