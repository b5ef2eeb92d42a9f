import assert from 'node:assert/strict';
import { tableForFile, tableNameOf } from '../../../../src/host/transfer/insert/tableByName.ts';

describe('the table of a file', () => {
  it('has the name of the file', () => {
    assert.equal(tableForFile('/x/goods.csv.gz', ['a', 'goods']), 'goods');
    assert.equal(tableForFile('/x/Goods.csv', ['goods', 'Goods']), 'Goods');
    assert.equal(tableForFile('/x/Sales 2026-01.parquet', ['sales_2026_01']), 'sales_2026_01');
    assert.equal(tableForFile('/x/other.csv', ['goods']), undefined);
  });

  it('that is to be created gets a name without quotes', () => {
    assert.equal(tableNameOf('/x/Sales (2026-01).csv.gz'), 'sales_2026_01');
    assert.equal(tableNameOf('/x/…!.csv'), 'data');
  });
});
