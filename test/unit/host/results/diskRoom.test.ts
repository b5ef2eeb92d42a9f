import assert from 'node:assert/strict';
import { roomOnDisk } from '../../../../src/host/results/diskRoom.ts';
import type { Result } from '../../../../src/host/results/result.ts';
import type { Results } from '../../../../src/host/results/results.ts';
import type { ResultViews } from '../../../../src/host/results/view/resultViews.ts';
import { limitText, withinDisk } from '../../../../src/host/results/withinDisk.ts';

const LIMIT = 20_000_000;

function resultOf(id: string, bytes: number, file?: string): Result {
  return { id, file, isRunning: true, snapshot: () => ({ bytes }) } as unknown as Result;
}

function roomBeside(...others: Result[]): number {
  const run = resultOf('run', 5, 'run.arrows');
  const results = { all: [run, ...others], isDetached: () => false, isPinned: () => false };
  const views = { bytesOf: () => 0 };
  return roomOnDisk(LIMIT, run, results as unknown as Results, views as unknown as ResultViews);
}

describe('the room that results have on disk', () => {
  it('is what the rows of the others leave', () => {
    assert.equal(roomBeside(resultOf('a', 3_000_000, 'a.arrows')), LIMIT - 3_000_000);
  });

  it('is not taken by a file of the user that INTO OUTFILE writes', () => {
    assert.equal(roomBeside(resultOf('saves', 30_000_000_000)), LIMIT);
  });

  it('is told as it was when reading stopped', () => {
    let now = 0;
    let room = 50;
    const withRoom = (bytes: number) =>
      withinDisk(
        { rows: Infinity, bytes },
        () => room,
        () => now,
      );
    const byDisk = withRoom(100);
    assert.equal(byDisk.bytes, 50);
    const byOwn = withRoom(40_000_000);
    room = Infinity;
    now = 1_000;
    assert.match(limitText(7, { by: 'bytes' }, byDisk), /First 7 rows.*maxDiskBytes/);
    assert.equal(byOwn.bytes, 40_000_000);
    room = 50;
    now = 2_000;
    assert.match(limitText(7, { by: 'bytes' }, byOwn), /limit of 40 MB on disk/);
  });
});
