import assert from 'node:assert/strict';
import { ipv6Text } from '../../../src/core/types/format/addresses.ts';
import { float32Text, float64Text } from '../../../src/core/types/format/floats.ts';
import { decimalText, wideInteger } from '../../../src/core/types/format/numbers.ts';
import { decodeBytes, quote } from '../../../src/core/types/format/strings.ts';
import { dateText, timeText } from '../../../src/core/types/format/times.ts';
import { intlZones } from '../../../src/core/types/format/zones.ts';

describe('cell texts', () => {
  it('keeps a byte order mark and shows bytes that are not UTF-8', () => {
    assert.deepEqual(decodeBytes(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61)), {
      text: '\uFEFFa',
      valid: true,
    });
    const broken = Uint8Array.of(0x61, 0xff, 0xc3, 0xa9, 0xe2, 0x82, 0x62, 0xed, 0xa0, 0x80);
    assert.deepEqual(decodeBytes(broken), {
      text: String.raw`a\xFFé\xE2\x82b\xED\xA0\x80`,
      valid: false,
    });
  });

  it('escapes strings inside composites', () => {
    assert.equal(quote("it's\t\\\n\0\v"), String.raw`'it\'s\t\\\n\0` + "\v'");
  });

  // Values printed by ClickHouse 26.7.
  it('prints the shortest float that reads back', () => {
    assert.equal(float64Text(1e21), '1e21');
    assert.equal(float64Text(-0), '-0');
    assert.equal(float32Text(Math.fround(0.1)), '0.1');
    assert.equal(float32Text(2 ** 87), '1.5474251e26');
    assert.equal(float32Text(Math.fround(3.4028235e38)), '3.4028235e38');
  });

  it('reads integers wider than 64 bits', () => {
    const bytes = new Uint8Array(32).fill(0xff);
    const view = new DataView(bytes.buffer);
    assert.equal(wideInteger(view, 0, 32, true), -1n);
    assert.equal(wideInteger(view, 16, 16, false), 2n ** 128n - 1n);
  });

  it('puts the point into decimals', () => {
    assert.equal(decimalText(-5n, 1), '-0.5');
    assert.equal(decimalText(1500n, 3), '1.5');
    assert.equal(decimalText(0n, 18), '0');
    assert.equal(decimalText(-100n, 0), '-100');
  });

  it('prints the first and last dates', () => {
    assert.equal(dateText(-25_567), '1900-01-01');
    assert.equal(dateText(120_529), '2299-12-31');
    assert.equal(dateText(11_016), '2000-02-29');
  });

  it('keeps the sign of a time below one second', () => {
    assert.equal(timeText(-500n, 1000n, 3), '-00:00:00.500');
    assert.equal(timeText(3_599_999n, 1n, 0), '999:59:59');
  });

  it('shortens the leftmost longest run of zeros of an IPv6 address', () => {
    const address = new Uint8Array(16);
    address[1] = 1;
    address[15] = 2;
    assert.equal(ipv6Text(address), '1::2');
    assert.equal(
      ipv6Text(
        Uint8Array.from([
          0,
          1,
          ...Array<number>(4).fill(0),
          0,
          2,
          0,
          3,
          ...Array<number>(4).fill(0),
          0,
          4,
        ]),
      ),
      '1::2:3:0:0:4',
    );
  });
});

describe('zones by Intl', () => {
  const at = (iso: string): number => Date.parse(iso) / 1000;

  it('knows offsets down to the second before 1900', () => {
    assert.equal(intlZones.offsetAt('Europe/Berlin', at('1880-01-01T00:00:00Z')), 3_208);
  });

  it('changes at the very second', () => {
    const change = at('2020-03-08T07:00:00Z');
    assert.equal(intlZones.offsetAt('America/New_York', change - 1), -5 * 3_600);
    assert.equal(intlZones.offsetAt('America/New_York', change), -4 * 3_600);
  });

  it('knows a zone that skipped a day', () => {
    const skip = at('2011-12-30T10:00:00Z');
    assert.equal(intlZones.offsetAt('Pacific/Apia', skip - 1), -10 * 3_600);
    assert.equal(intlZones.offsetAt('Pacific/Apia', skip), 14 * 3_600);
  });

  it('refuses a zone that does not exist', () => {
    assert.throws(() => intlZones.offsetAt('Mars/Olympus', 0), RangeError);
  });
});
