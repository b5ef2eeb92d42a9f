import assert from 'node:assert/strict';
import { parseType, TypeParseError } from '../../../src/core/types/parseType.ts';
import { supportsArrow } from '../../../src/core/types/supportsArrow.ts';
import { typeText } from '../../../src/core/types/typeText.ts';

describe('parseType', () => {
  it('reads wrappers around plain types', () => {
    assert.deepEqual(parseType('LowCardinality(Nullable(String))'), {
      name: 'LowCardinality',
      inner: { name: 'Nullable', inner: { name: 'String' } },
    });
  });

  it('reads numbers and zones in arguments', () => {
    assert.deepEqual(parseType('Decimal(38, 10)'), { name: 'Decimal', precision: 38, scale: 10 });
    assert.deepEqual(parseType('FixedString(16)'), { name: 'FixedString', length: 16 });
    assert.deepEqual(parseType("DateTime64(3, 'Asia/Tokyo')"), {
      name: 'DateTime64',
      precision: 3,
      timeZone: 'Asia/Tokyo',
    });
    assert.deepEqual(parseType('DateTime'), { name: 'DateTime' });
  });

  it('reads enum names with quotes, commas, escapes and equal signs', () => {
    const type = parseType(String.raw`Enum8('it\'s' = -128, 'a = 1, (b)' = 2, '\n\\' = 127)`);
    assert.ok(type.name === 'Enum8');
    assert.deepEqual(
      [...type.values],
      [
        [-128, "it's"],
        [2, 'a = 1, (b)'],
        [127, '\n\\'],
      ],
    );
  });

  it('tells named from unnamed tuple elements', () => {
    assert.deepEqual(parseType('Tuple(a UInt8, `b c` Array(String), Point Tuple(Float64))'), {
      name: 'Tuple',
      elements: [
        { name: 'a', type: { name: 'UInt8' } },
        { name: 'b c', type: { name: 'Array', inner: { name: 'String' } } },
        { name: 'Point', type: { name: 'Tuple', elements: [{ type: { name: 'Float64' } }] } },
      ],
    });
    assert.deepEqual(parseType('Tuple()'), { name: 'Tuple', elements: [] });
  });

  it('expands geometry types to what they are made of', () => {
    assert.equal(typeText(parseType('Ring')), 'Array(Tuple(Float64, Float64))');
    const geometry = parseType('Geometry');
    assert.ok(geometry.name === 'Variant');
    assert.equal(geometry.members.length, 6);
  });

  it('keeps what it does not know and says that it cannot come as Arrow', () => {
    const unknown = "Array(Future(UInt8, 'a)', (1, 2)))";
    assert.equal(typeText(parseType(unknown)), unknown);
    assert.equal(supportsArrow(parseType(unknown)), false);
    assert.equal(supportsArrow(parseType('Map(String, QBit(Float32, 8))')), false);
    assert.equal(supportsArrow(parseType('AggregateFunction(uniq, UInt64)')), false);
    assert.equal(supportsArrow(parseType('Tuple(a UInt8, b JSON(x UInt8))')), true);
  });

  for (const type of [
    'Map(String, Array(Nullable(UInt8)))',
    'Nested(a UInt8, b String)',
    'Variant(String, UInt64)',
    "JSON(max_dynamic_paths=8, a.b UInt32, SKIP `c)`, SKIP REGEXP '(\\'')",
    'SimpleAggregateFunction(groupArrayArray(2), Array(UInt8))',
    "Enum16('\\t' = -1, 'x' = 300)",
    'Tuple(`a``b` UInt8)'.replace('``', '\\`'),
    "DateTime('America/Argentina/Buenos_Aires')",
  ]) {
    it(`prints ${type} as it was`, () => {
      assert.equal(typeText(parseType(type)), type);
    });
  }

  it('reads types printed over several lines', () => {
    assert.deepEqual(
      parseType('Tuple(\n    a UInt8,\n    b String)'),
      parseType('Tuple(a UInt8, b String)'),
    );
  });

  for (const broken of [
    '',
    'Array',
    'Array(',
    'Array(UInt8',
    'Array(UInt8))',
    "Enum8('a = 1)",
    'Decimal(x)',
    'Map(String)',
    'UInt8 x',
  ]) {
    it(`refuses "${broken}"`, () => {
      assert.throws(() => parseType(broken), TypeParseError);
    });
  }
});
