import assert from 'node:assert/strict';
import { columnInfo } from '../../../webview/grid/columnInfo.ts';

const info = (type: string, dateTimes = 'simple', shownZone?: string) =>
  columnInfo(
    { name: 'c', type, encoding: 'arrow' },
    {
      timeZone: 'Europe/Berlin',
      textSettings: [{ name: 'date_time_output_format', value: dateTimes }],
    },
    shownZone,
  );

describe('column info', () => {
  it('aligns numbers right, also inside Nullable and LowCardinality', () => {
    const numbers = ['UInt256', 'Nullable(Int8)', 'Decimal(76, 3)', 'BFloat16', 'IntervalDay'];
    for (const type of [...numbers, 'LowCardinality(Nullable(Float64))']) {
      assert.equal(info(type).numeric, true, type);
    }
    for (const type of ['String', 'Array(UInt8)', 'Date', 'IPv4', 'Bool', "Enum8('a' = 1)"]) {
      assert.equal(info(type).numeric, false, type);
    }
  });

  it('names the zone only where the type leaves it open', () => {
    for (const type of [
      'DateTime',
      'DateTime64(3)',
      'Array(Nullable(DateTime))',
      'Map(String, DateTime)',
    ]) {
      assert.equal(info(type).timeZone, 'Europe/Berlin', type);
    }
    const fixed = [
      "DateTime('UTC')",
      "DateTime64(3, 'Asia/Tokyo')",
      'Date',
      "Enum8('DateTime' = 1)",
    ];
    for (const type of [...fixed, 'Tuple(`DateTime` String)']) {
      assert.equal(info(type).timeZone, undefined, type);
    }
  });

  it('keeps the spelling of a type it cannot read', () => {
    assert.equal(info('Broken(((').type, 'Broken(((');
    assert.equal(info('Broken(((').numeric, false);
  });

  it('names UTC where the server was told to print moments', () => {
    for (const type of ['DateTime', "DateTime64(3, 'Asia/Tokyo')"]) {
      assert.equal(info(type, 'iso').typeText, `${type} · UTC`);
      assert.match(info(type, 'unix_timestamp').description, /date_time_output_format/);
    }
    assert.equal(info('Date', 'iso').typeText, 'Date');
    assert.equal(info('DateTime', 'iso', 'Asia/Tokyo').typeText, 'DateTime · shown in Asia/Tokyo');
  });

  it('knows that timestamps as text are in no order', () => {
    assert.equal(info('DateTime').ordered, true);
    assert.equal(info('DateTime', 'unix_timestamp').ordered, false);
    assert.equal(info('DateTime', 'unix_timestamp', 'UTC').ordered, true);
  });
});
