import assert from 'node:assert/strict';
import type { Client, SaveReceipt } from '../../../../src/core/client/surface.ts';
import { withRows } from '../../../../src/host/transfer/save/savedRows.ts';

describe('withRows', () => {
  it('waits no longer for the log than the save itself took', async () => {
    const silent = {
      rawQuery: (_sql: string, { signal }: { signal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        }),
    } as unknown as Client;
    const look = async (ms: number): Promise<number> => {
      const receipt = { queryId: 'q', ms, rows: undefined } as SaveReceipt;
      const { signal } = new AbortController();
      assert.equal((await withRows(receipt, silent, signal)).rows, undefined);
      return ms;
    };
    assert.equal(await Promise.race([look(600_000), look(5)]), 5);
  });
});
