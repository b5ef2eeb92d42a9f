import assert from 'node:assert/strict';
import fc from 'fast-check';
import { divideDecimal, decimalText, parseDecimal } from '../../../webview/footer/decimal.ts';
import type { TallyKind } from '../../../src/shared/cellSums.ts';
import { Tally } from '../../../webview/footer/tally.ts';

function tally(kind: TallyKind, texts: readonly (string | null)[]) {
  const made = new Tally();
  for (const text of texts) made.add(kind, text ?? 'NULL', text === null);
  return made.result;
}

describe('adding up a selection', () => {
  it('adds integers of any size exactly', () => {
    const large = '115792089237316195423570985008687907853269984665640564039457584007913129639935';
    assert.deepEqual(tally('exact', [large, '-1', null, '1']), {
      cells: 4,
      nulls: 1,
      sum: large,
      // Divisible by 3, as 2^256 - 1 is.
      average: '38597363079105398474523661669562635951089994888546854679819194669304376546645',
      min: '-1',
      max: large,
    });
  });

  it('adds decimals exactly, where floating point does not', () => {
    const { sum, average, min, max } = tally('exact', ['0.1', '0.2', '-0.05']);
    assert.deepEqual([sum, average, min, max], ['0.25', '≈ 0.08333333', '-0.05', '0.2']);
    assert.equal(tally('exact', ['9007199254740993', '0.5']).sum, '9007199254740993.5');
  });

  it('says that a sum of floating point numbers is not exact', () => {
    const { sum, average, min, max } = tally('float', ['0.1', '0.2', '1e16', '-1e16']);
    assert.deepEqual(
      [sum, min, max],
      ['≈ 0.30000000000000004', '-10000000000000000', '10000000000000000'],
    );
    assert.match(average ?? '', /^≈ 0\.075/);
    assert.equal(tally('float', ['inf', '1']).sum, '≈ inf');
    assert.equal(tally('float', ['inf', '-inf']).sum, '≈ nan');
    assert.equal(tally('float', ['nan', '1']).max, 'nan');
  });

  it('compares times, counts texts', () => {
    assert.deepEqual(tally('ordered', ['2024-01-02', '2023-12-31', null]), {
      cells: 3,
      nulls: 1,
      min: '2023-12-31',
      max: '2024-01-02',
    });
    assert.deepEqual(tally('counted', ['b', 'a', null]), { cells: 3, nulls: 1 });
  });

  it('agrees with BigInt for random decimals', () => {
    const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), fc.nat(9));
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 1, maxLength: 20 }), (values) => {
        const texts = values.map(([digits, scale]) => decimalText({ digits, scale }));
        const total = values.reduce(
          (sum, [digits, scale]) => sum + digits * 10n ** BigInt(9 - scale),
          0n,
        );
        const sum = parseDecimal(tally('exact', texts).sum ?? '');
        assert.ok(sum);
        assert.equal(sum.digits * 10n ** BigInt(9 - sum.scale), total);
      }),
    );
  });

  it('rounds an average half away from zero', () => {
    const text = (digits: bigint, count: number) =>
      decimalText(divideDecimal({ digits, scale: 0 }, count).value);
    assert.equal(text(-2n, 3), '-0.666667');
    assert.equal(text(1n, 8), '0.125');
    assert.equal(text(1n, 2_000_000), '0.000001');
    assert.equal(text(-1n, 2_000_000), '-0.000001');
  });
});
