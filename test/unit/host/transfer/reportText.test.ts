import assert from 'node:assert/strict';
import { join, sep } from 'node:path';
import type { FileReport } from '../../../../src/core/transfer/insertMany.ts';
import { reportText } from '../../../../src/host/transfer/insert/reportText.ts';

describe('the report of an insert', () => {
  const files = (...paths: string[]): FileReport[] =>
    paths.map((path) => ({
      path,
      bytes: 10,
      state: 'inserted',
      rows: { atLeast: 2, atMost: 2, by: 'reply' },
      tableGrew: undefined,
      error: undefined,
      note: undefined,
      ms: 5,
    }));
  const labels = (...paths: string[]): string[] => {
    const facts = { table: 'a.b', connection: 'c', others: [], errorText: String };
    const text = reportText({ ...facts, files: files(...paths) });
    return [...text.matchAll(/^\| (\S+) \| inserted \| 2 \|/gm)].map(([, label]) => label ?? '');
  };
  const at = (...parts: string[]): string => join(sep, 'data', ...parts);

  it('names files, and their folders where two have one name', () => {
    assert.deepEqual(labels(at('x.csv'), at('deep', 'y.csv')), ['x.csv', 'y.csv']);
    assert.deepEqual(labels(at('1', 'x.csv'), at('2', 'x.csv'), at('y.csv')), [
      join('1', 'x.csv'),
      join('2', 'x.csv'),
      'y.csv',
    ]);
    const atRoot = (folder: string): string => join(sep, folder, 'x.csv');
    assert.deepEqual(labels(atRoot('a'), atRoot('b')), [join('a', 'x.csv'), join('b', 'x.csv')]);
  });
});
