import assert from 'node:assert/strict';
import { fitText, showUnseen, textUnits } from '../../../webview/grid/cellText.ts';

describe('cell text on screen', () => {
  it('shows control characters in one line', () => {
    assert.equal(showUnseen('a\nb\tc\r\0\u001b\u007f'), 'a↵b→c␍␀␛␡');
  });

  it('does not let text reorder its surroundings', () => {
    assert.equal(showUnseen('abc\u202edef\u2066'), 'abc�def�');
  });

  it('leaves ordinary text of every script alone', () => {
    const text = ' Größe 日本語 🦀 עברית ';
    assert.equal(fitText(text, 100), text);
  });

  it('cuts to the width with an ellipsis', () => {
    assert.equal(fitText('abcdef', 6), 'abcdef');
    assert.equal(fitText('abcdef', 5), 'abcd…');
    assert.equal(fitText('abcdef', 1), '…');
    assert.equal(fitText('abcdef', 0), '…');
    assert.equal(fitText('', 0), '');
  });

  it('counts wide characters as two and never splits a pair', () => {
    assert.equal(textUnits('日本'), 4);
    assert.equal(fitText('日本語', 5), '日本…');
    assert.equal(fitText('日本語', 4), '日…');
    assert.equal(fitText('🦀🦀🦀', 5), '🦀🦀…');
    assert.equal(fitText('🦀🦀🦀', 3), '🦀…');
  });

  it('looks at a 10 MB cell only as far as it shows it', () => {
    const started = performance.now();
    const huge = 'x'.repeat(10_000_000);
    for (let i = 0; i < 1_000; i++) assert.equal(fitText(huge, 40).length, 40);
    assert.equal(textUnits(huge, 300), 300);
    assert.ok(performance.now() - started < 1_000);
  });
});
