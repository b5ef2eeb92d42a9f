import assert from 'node:assert/strict';
import type { QueryLogEntry } from '../../../../src/core/statistics/queryLog.ts';
import { compareRuns } from '../../../../src/host/statistics/compare.ts';
import type { RunRecord } from '../../../../src/host/statistics/runRecord.ts';
import { comparisonText, logText } from '../../../../src/host/statistics/runTexts.ts';
import type { ServerFigures } from '../../../../src/shared/runStatistics.ts';

const entry: QueryLogEntry = {
  type: 'QueryFinish',
  host: 'node1',
  user: 'me',
  startTime: '2026-01-01 00:00:00.000000',
  database: 'default',
  tables: ['default.t'],
  exception: '',
  settings: { max_threads: '4' },
  figures: {
    source: 'log',
    readRows: 2_000,
    readBytes: 16_000,
    writtenRows: 0,
    writtenBytes: 0,
    resultRows: 10,
    resultBytes: 80,
    peakMemoryBytes: 4_000_000,
    threads: 4,
    elapsedMs: 200,
  },
  events: { ZLast: '1', SelectedMarks: '20', SelectedMarksTotal: '40', SelectedParts: '3' },
};

function record(id: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    statement: 's',
    uri: 'file:///a.sql',
    title: 'SELECT a | b',
    connection: { id: 'local', name: 'Local ClickHouse' },
    params: '',
    queryId: `query-${id}`,
    rows: 10,
    complete: true,
    elapsedMs: 300,
    statistics: { startedAt: 1_700_000_000_000 },
    ...more,
  };
}

describe('runs compared', () => {
  const first = record('one', { entry });
  const half: ServerFigures = { ...entry.figures, readRows: 1_000 };
  const second = record('two', {
    elapsedMs: 150,
    entry: { ...entry, figures: half, events: { ...entry.events, ZLast: '0', New: '5' } },
  });

  it('have difference and ratio of every figure and event, the telling events first', () => {
    const metrics = compareRuns(first, second);
    const by = (name: string) => metrics.find((metric) => metric.name === name);
    assert.deepEqual(by('Rows read'), {
      name: 'Rows read',
      kind: 'figure',
      first: '2,000',
      second: '1,000',
      difference: '−1,000',
      ratio: '0.500 ×',
    });
    assert.equal(by('Elapsed in all')?.ratio, '0.500 ×');
    assert.deepEqual([by('New')?.first, by('New')?.difference, by('New')?.ratio], ['0', '+5', '']);
    assert.equal(by('SelectedMarks')?.difference, '=');
    assert.deepEqual(
      metrics.filter(({ kind }) => kind === 'event').map(({ name }) => name),
      ['SelectedParts', 'SelectedMarks', 'SelectedMarksTotal', 'New', 'ZLast'],
    );
  });

  it('compare no figure that was only seen on the way', () => {
    const seen = record('three', {
      statistics: {
        startedAt: 1,
        figures: { source: 'seen', readRows: 5, readBytes: 5, writtenRows: 0 },
      },
    });
    const read = compareRuns(first, seen).find(({ name }) => name === 'Rows read');
    assert.deepEqual([read?.second, read?.difference, read?.ratio], [undefined, '', '']);
    assert.match(comparisonText(first, seen, ['a note']), /- a note/);
  });

  it('read as a table in plain text', () => {
    const lines = comparisonText(first, second, []).split('\n');
    const table = lines.slice(lines.findIndex((line) => line.startsWith('| Figure')));
    const end = table.indexOf('');
    const widths = table.slice(0, end).map((line) => line.length);
    assert.ok(end > 8 && new Set(widths).size === 1, widths.join());
  });

  it('are told one by one with parts and marks, events and settings', () => {
    const text = logText(first, entry);
    assert.match(text, /\| Marks read +\| +20 of 40 \|/);
    assert.match(text, /\| SelectedMarksTotal +\| +40 \| +40 \|/);
    assert.match(text, /\| max_threads +\| +4 \|/);
    assert.match(text, /query_id = 'query-one'/);
  });
});
