import assert from 'node:assert/strict';
import { quoteIdentifier, quoteLiteral } from '../../../src/core/sql/quote.ts';

describe('quoteIdentifier', () => {
  it('always uses back quotes', () => {
    assert.equal(quoteIdentifier('a'), '`a`');
    assert.equal(quoteIdentifier('select'), '`select`');
    assert.equal(quoteIdentifier('db.table'), '`db.table`');
  });

  it('escapes back quotes, backslashes and control characters', () => {
    assert.equal(quoteIdentifier('a`b'), '`a\\`b`');
    assert.equal(quoteIdentifier('a\\'), '`a\\\\`');
    assert.equal(quoteIdentifier('a\0\b\t\n\f\rz'), '`a\\0\\b\\t\\n\\f\\rz`');
    assert.equal(quoteIdentifier(`a'"b`), '`a\'"b`');
  });

  it('refuses an empty name and half of a surrogate pair', () => {
    assert.throws(() => quoteIdentifier(''), RangeError);
    assert.throws(() => quoteIdentifier('a\ud800'), RangeError);
  });
});

describe('quoteLiteral', () => {
  it('escapes quotes, backslashes and control characters', () => {
    assert.equal(quoteLiteral(''), "''");
    assert.equal(quoteLiteral("it's"), "'it\\'s'");
    assert.equal(quoteLiteral('a\\'), "'a\\\\'");
    assert.equal(quoteLiteral('\0\b\t\n\f\r'), "'\\0\\b\\t\\n\\f\\r'");
    assert.equal(quoteLiteral('`"日本語🎉'), "'`\"日本語🎉'");
  });

  it('refuses half of a surrogate pair', () => {
    assert.throws(() => quoteLiteral('\udc00a'), RangeError);
  });
});
