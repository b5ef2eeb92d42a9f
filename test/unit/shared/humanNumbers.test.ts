import assert from 'node:assert/strict';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatSpeed,
} from '../../../src/shared/humanNumbers.ts';

describe('numbers for people', () => {
  it('have thousands separators', () => {
    assert.equal(formatCount(3_000_000), '3,000,000');
    assert.equal(formatCount(18_446_744_073_709_551_615n), '18,446,744,073,709,551,615');
    assert.equal(countOf(1461, 'row'), '1,461 rows');
    assert.equal(countOf(1, 'row'), '1 row');
    assert.equal(countOf(0, 'entry', 'entries'), '0 entries');
  });

  it('never show four digits of a size', () => {
    const sizes: [number, string][] = [
      [0, '0 bytes'],
      [1, '1 byte'],
      [999, '999 bytes'],
      [1000, '1.0 kB'],
      [9_949, '9.9 kB'],
      [9_951, '10 kB'],
      [999_499, '999 kB'],
      [999_500, '1.0 MB'],
      [123_456_789, '123 MB'],
      [5e9, '5.0 GB'],
      [7e18, '7000 PB'],
    ];
    for (const [bytes, text] of sizes) assert.equal(formatBytes(bytes), text);
  });

  it('give a speed only when there is one', () => {
    assert.equal(formatSpeed(45_000_000, 1000), '45 MB/s');
    assert.equal(formatSpeed(0, 1000), '');
    assert.equal(formatSpeed(10, 0), '');
  });

  it('give times in the unit that fits', () => {
    const times: [number, string][] = [
      [0.4, '0 ms'],
      [340, '340 ms'],
      [999.7, '1.0 s'],
      [4_200, '4.2 s'],
      [59_960, '1 min 0 s'],
      [185_000, '3 min 5 s'],
      [7_200_000, '2 h 0 min'],
    ];
    for (const [ms, text] of times) assert.equal(formatDuration(ms), text);
  });
});
