import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Engine } from '../../src/core/engine/engine.ts';
import type { Comparison } from '../../src/host/statistics/statisticsCommands.ts';
import { restoreDialogs } from './dialogs.ts';
import { serverFor, startTestEngine, type TestServer } from './servers.ts';
import { closeEditors, openSql, resultOf, runAndRead } from './support.ts';

const STATEMENT = 'SELECT number FROM numbers(100000) WHERE number % 2 = 0';

const command = <T>(name: string, answers: object): Thenable<T> =>
  vscode.commands.executeCommand<T>(`rowhouse.${name}`, answers);

async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

describe('Statistics of runs', () => {
  afterEach(async () => {
    restoreDialogs();
    await closeEditors();
  });

  it('of a streamed result claim nothing final by themselves', async () => {
    const { uri } = (await openSql('')).document;
    await runAndRead(uri, STATEMENT);
    const { statistics, progress } = await resultOf(uri);
    assert.ok(statistics);
    assert.equal(progress, undefined);
    assert.notEqual(statistics.figures?.source, 'reply');
    assert.ok((statistics.receivedBytes ?? 0) > 50_000 * 8);
    assert.match(statistics.serverVersion ?? '', /^\d+\.\d+/);
  });

  it('of an insert are those of its reply', async () => {
    const { uri } = (await openSql('')).document;
    await runAndRead(uri, 'SELECT 1');
    for (const sql of [
      'CREATE TEMPORARY TABLE t (x UInt64)',
      'INSERT INTO t SELECT * FROM numbers(500)',
    ]) {
      await command('runQuery', { uri, sql });
    }
    const { statistics } = await resultOf(uri);
    assert.equal(statistics?.figures?.source, 'reply');
    assert.equal(statistics.figures.writtenRows, 500);
    assert.equal(statistics.figures.readRows, 500);
  });

  it('open the row of the query log as a document', async () => {
    const { uri } = (await openSql('')).document;
    await runAndRead(uri, STATEMENT);
    const { id, queryId } = await resultOf(uri);
    const text = await textOf(await command('openQueryLog', { result: id }));
    assert.match(text, new RegExp(`Query id: ${queryId}`));
    assert.match(text, /\| Rows read +\| +100,000 \|/);
    assert.match(text, /\| Result rows +\| +50,000 \|/);
    assert.match(text, /\| SelectedRows +\| +100,000 \| +100000 \|/);
    const [[rows] = []] = await runAndRead(
      uri,
      `SELECT result_rows FROM system.query_log WHERE query_id = '${queryId}' AND type = 'QueryFinish'`,
    );
    assert.equal(rows, '50000');
  });

  it('copy the query id', async () => {
    const { uri } = (await openSql('')).document;
    await runAndRead(uri, STATEMENT);
    const { id, queryId } = await resultOf(uri);
    await command('copyQueryId', { result: id });
    assert.equal(await vscode.env.clipboard.readText(), queryId);
  });

  it('of two runs of a statement are compared, also when the rows of the first are gone', async () => {
    const { uri } = (await openSql('')).document;
    await command('runQuery', {
      uri,
      sql: 'CREATE TEMPORARY TABLE compared AS SELECT * FROM numbers(1000)',
    });
    const counting = 'SELECT count() FROM compared WHERE number > 10';
    await runAndRead(uri, counting);
    const first = await resultOf(uri);
    await assert.rejects(
      Promise.resolve(command('compareRuns', { result: first.id })),
      /has run once only/,
    );
    await command('runQuery', { uri, sql: 'INSERT INTO compared SELECT * FROM numbers(1000)' });
    await runAndRead(uri, counting);
    const second = await resultOf(uri);
    const compared = await command<Comparison>('compareRuns', {
      result: second.id,
      with: 'previous',
    });
    assert.deepEqual([compared.first, compared.second], [first.id, second.id]);
    const read = compared.metrics.find(({ name }) => name === 'Rows read');
    assert.deepEqual(read, {
      name: 'Rows read',
      kind: 'figure',
      first: '1,000',
      second: '2,000',
      difference: '+1,000',
      ratio: '2.00 ×',
    });
    const text = await textOf(compared.document);
    assert.match(text, /\| Rows read +\| +1,000 \| +2,000 \| +\+1,000 \| +2\.00 × \|/);
    const turned = await command<Comparison>('compareRuns', { first: second.id, second: first.id });
    assert.equal(turned.metrics.find(({ name }) => name === 'Rows read')?.ratio, '0.500 ×');
  });

  describe('on a server that keeps its log to itself', () => {
    let engine: Engine;
    let server: TestServer;
    const denied =
      "Code: 497. DB::Exception: me: Not enough privileges. To execute this query, it's necessary to have the grant SELECT(query_id) ON system.query_log. (ACCESS_DENIED)";

    before(async () => {
      engine = await startTestEngine();
      server = await serverFor(engine.endpoint, {
        answers: (sql) =>
          /FROM system\.(query_log|processes)/.test(sql) ? [403, denied] : undefined,
      });
      const { username: user, password } = engine.endpoint;
      await command('addConnection', { name: 'closed', url: server.url, user, password });
    });
    after(async () => {
      await command('removeConnection', { id: 'closed', confirm: false });
      await server.close();
      await engine.stop();
    });

    it('say so, with the grant that is missing', async () => {
      const { uri } = (await openSql('')).document;
      await command('selectConnection', { id: 'closed', uri });
      await runAndRead(uri, STATEMENT);
      const { id, statistics } = await resultOf(uri);
      assert.equal(statistics?.figures, undefined);
      await assert.rejects(
        Promise.resolve(command('openQueryLog', { result: id })),
        /may not read system\.query_log/,
      );
    });
  });
});
