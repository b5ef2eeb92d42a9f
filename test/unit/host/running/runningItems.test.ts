import assert from 'node:assert/strict';
import { runningSummary, runningTexts } from '../../../../src/host/running/runningItems.ts';
import { stopText } from '../../../../src/host/results/stopText.ts';

const QUERY = {
  queryId: 'q',
  user: 'ada',
  elapsedMs: 3_200,
  readRows: 1_500_000,
  readBytes: 12_000_000,
  totalRows: 3_000_000,
  memoryBytes: 35_000_000,
  isCancelled: false,
  query: 'SELECT\n  count()\nFROM hits',
  nodes: [],
  sentTo: undefined,
};

describe('the list of running queries', () => {
  it('says who runs what, how far it is and what it takes', () => {
    assert.deepEqual(runningTexts(QUERY), {
      label: 'SELECT count() FROM hits',
      detail: 'ada · 3.2 s · 1.5M rows read (50 %), 12 MB · 35 MB memory',
    });
  });

  it('says where in the cluster it runs', () => {
    const detail = (nodes: string[], sentTo?: string): string | undefined =>
      runningTexts({ ...QUERY, nodes, sentTo })
        .detail.split(' · ')
        .at(-1);
    assert.equal(detail(['a:9000', 'b:9000'], 'a:9000'), 'sent to a:9000, on 2 nodes');
    assert.equal(detail(['a:9000'], 'a:9000'), 'on a:9000');
    assert.match(detail(['b:9000']) ?? '', /^parts left on b:9000/);
  });

  it('names the nodes that did not answer', () => {
    assert.equal(runningSummary({ queries: [], notAsked: [] }, 'x'), 'No queries run on x');
    assert.equal(
      runningSummary({ queries: [QUERY], notAsked: ['b:9000'] }, 'x'),
      '1 query running on x; b:9000 did not answer',
    );
  });
});

describe('the outcome of a cancel in a cluster', () => {
  it('says stopped for all nodes only when all were asked', () => {
    const elapsedMs = 300;
    assert.equal(
      stopText({ outcome: 'stopped', elapsedMs, nodes: 3 }),
      'Stopped on all 3 nodes of the cluster after 0.3 s.',
    );
    assert.equal(
      stopText({ outcome: 'unverified', elapsedMs, notAsked: ['b:9000'] }),
      'Stopped on the server after 0.3 s, but parts of it may still run on b:9000, which did not answer.',
    );
    assert.equal(
      stopText({ outcome: 'stillRunning', elapsedMs, runsOn: ['b:9000'] }),
      'Still stopping: parts of the query still ran on b:9000 after 0.3 s.',
    );
  });
});
