import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  checkInsertHostMessage,
  checkInsertPageMessage,
} from '../../../src/shared/insert/checkInsertMessage.ts';
import type { InsertSnapshot } from '../../../src/shared/insert/insertProtocol.ts';

const SNAPSHOT: InsertSnapshot = {
  title: 'Insert a.csv into t',
  table: 't',
  connection: 'Local ClickHouse',
  files: [{ name: 'a.csv', bytes: 3, kind: 0 }],
  leftOut: 0,
  kind: 0,
  facts: 'CSV',
  remarks: [],
  notes: [],
  formats: ['CSV'],
  reading: { format: 'CSV', delimiter: ';' },
  columns: [{ name: 'n', type: 'Int64', target: 'n' }],
  targets: [{ name: 'n', type: 'UInt8', filled: 'file' }],
  mappable: true,
  looking: false,
  rows: {
    id: 'look',
    columns: [{ name: 'n', type: 'UInt8', encoding: 'arrow' }],
    rows: 1,
    timeZone: 'UTC',
  },
  failing: [{ row: 1, reason: 'no number' }],
  moreFail: false,
  onError: 'stop',
  mode: 'staged',
};

const problemOf = (checked: { ok: boolean; problem?: string }): string | undefined =>
  checked.ok ? undefined : checked.problem;

describe('messages of the insert page', () => {
  it('of the host are taken as they are, without what is not of the protocol', () => {
    const message = { type: 'show', insert: SNAPSHOT };
    const checked = checkInsertHostMessage({ ...message, insert: { ...SNAPSHOT, more: 1 } });
    assert.deepEqual(checked, { ok: true, message });
  });

  it('of the host are refused with the place that is wrong', () => {
    const insert = { ...SNAPSHOT, targets: [{ name: 'n', type: 'UInt8', filled: 'somehow' }] };
    assert.equal(
      problemOf(checkInsertHostMessage({ type: 'show', insert })),
      'show.insert.targets[0].filled: expected one of file, default, computed',
    );
    assert.equal(
      problemOf(checkInsertHostMessage({ type: 'window', requestId: 1, firstRow: 0, ipc: [1] })),
      'window.ipc: expected bytes (a Uint8Array)',
    );
  });

  const GOOD = [
    { type: 'ready' },
    { type: 'window', requestId: 1, resultId: 'look', firstRow: 0, rows: 10, columns: [0] },
    { type: 'abandon', requestId: 1 },
    {
      type: 'copyAs',
      requestId: 1,
      resultId: 'look',
      format: 'tsv',
      header: true,
      blocks: [{ rows: [{ first: 0, last: 1 }], columns: [0] }],
    },
    { type: 'showKind', kind: 1 },
    { type: 'read', change: { delimiter: '|', header: false, allowErrors: 3 } },
    { type: 'map', column: 0, target: 'n' },
    { type: 'map', column: 0 },
    { type: 'onError', onError: 'continue' },
    { type: 'mode', mode: 'chunked' },
    { type: 'columnType', column: 0, as: 'String' },
    { type: 'newTable', change: { name: 't2' } },
    { type: 'resetStatement' },
    { type: 'createTable' },
    { type: 'insert' },
    { type: 'cancel' },
  ];
  for (const message of GOOD) {
    it(`of the page may be ${JSON.stringify(message)}`, () => {
      assert.deepEqual(checkInsertPageMessage(message), { ok: true, message });
    });
  }

  const BAD: readonly (readonly [unknown, string])[] = [
    [null, 'message: expected an object'],
    [{ type: 'drop' }, 'unknown message type drop'],
    [{ type: 'toString' }, 'unknown message type toString'],
    [{ type: 'map', column: -1 }, 'map.column: expected a whole number of at least 0'],
    [{ type: 'mode', mode: 'all' }, 'mode.mode: expected one of direct, staged, chunked'],
    [{ type: 'read', change: { header: 'yes' } }, 'read.change.header: expected true or false'],
    [{ type: 'read' }, 'read.change: expected an object'],
    [{ type: 'newTable', change: { ddl: 1 } }, 'newTable.change.ddl: expected a text'],
  ];
  for (const [message, problem] of BAD) {
    it(`of the page are refused: ${problem}`, () => {
      assert.equal(problemOf(checkInsertPageMessage(message)), problem);
    });
  }

  it('of the page cannot say that a statement was changed, or which settings are sent', () => {
    const change = { name: 't', edited: true, settings: { max_threads: 1 } };
    assert.deepEqual(checkInsertPageMessage({ type: 'newTable', change }), {
      ok: true,
      message: { type: 'newTable', change: { name: 't' } },
    });
  });
});
