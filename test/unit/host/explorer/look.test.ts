import assert from 'node:assert/strict';
import {
  columnIcon,
  columnMarks,
  columnTooltip,
  isView,
  tableDescription,
  tableIcon,
} from '../../../../src/host/explorer/look.ts';

const column = {
  name: 'id',
  type: 'UInt64',
  defaultKind: '',
  defaultExpression: '',
  comment: '',
  inPrimaryKey: false,
  inSortingKey: false,
  inPartitionKey: false,
};

describe('tables in the tree', () => {
  it('show what they are by their engine', () => {
    const icons: [string, string][] = [
      ['ReplicatedReplacingMergeTree', 'table'],
      ['Memory', 'table'],
      ['View', 'eye'],
      ['MaterializedView', 'layers'],
      ['Distributed', 'references'],
      ['Kafka', 'cloud'],
      ['IcebergS3', 'cloud'],
      ['Dictionary', 'book'],
      ['SystemNumbers', 'settings-gear'],
    ];
    for (const [engine, icon] of icons) assert.equal(tableIcon(engine), icon, engine);
    assert.ok(isView('WindowView'));
    assert.ok(!isView('MergeTree'));
  });

  it('say rows and size where they are known', () => {
    const table = { database: 'd', name: 't', engine: 'MergeTree', comment: '' };
    assert.equal(
      tableDescription({ ...table, rows: 3_000_000, bytes: 12_000_000 }),
      'MergeTree · 3,000,000 rows · 12 MB',
    );
    assert.equal(tableDescription({ ...table, rows: undefined, bytes: undefined }), 'MergeTree');
    assert.equal(tableDescription({ ...table, rows: 0, bytes: 0 }), 'MergeTree · 0 rows · 0 bytes');
  });
});

describe('columns in the tree', () => {
  it('say their part in keys and where values come from', () => {
    assert.deepEqual(columnMarks(column), []);
    assert.deepEqual(columnMarks({ ...column, inPrimaryKey: true, inSortingKey: true }), [
      'primary key',
    ]);
    assert.deepEqual(
      columnMarks({ ...column, inSortingKey: true, inPartitionKey: true, defaultKind: 'ALIAS' }),
      ['sorting key', 'partition key', 'alias'],
    );
    assert.equal(columnIcon({ ...column, inSortingKey: true }), 'key');
    assert.notEqual(columnIcon({ ...column, defaultKind: 'ALIAS' }), columnIcon(column));
  });

  it('explain themselves in the tooltip', () => {
    const tooltip = columnTooltip({
      ...column,
      defaultKind: 'DEFAULT',
      defaultExpression: 'rand()',
      comment: 'why',
      inPrimaryKey: true,
    });
    assert.equal(tooltip, 'id UInt64\nDEFAULT rand()\nprimary key\n\nwhy');
  });
});
