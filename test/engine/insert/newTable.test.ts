import assert from 'node:assert/strict';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { createNewTable, NewTable } from '../../../src/host/transfer/insert/page/newTable.ts';
import { useEngine } from '../fixture.ts';

describe('a table that the insert page creates', () => {
  const engine = useEngine();
  let client: Client;
  let made: NewTable;
  before(() => {
    client = createClient(engine());
  });
  beforeEach(async () => {
    await client.command('DROP TABLE IF EXISTS fresh SYNC');
    const columns = [{ name: 'a', type: 'Int8' }];
    const table = { database: 'default', table: 'fresh' };
    made = new NewTable(table, { columns, engine: 'Memory', orderBy: '' });
  });
  after(() => client.close());

  it('is new only when none of its name was there', async () => {
    assert.equal(await createNewTable(client, made), true);
    await client.command('INSERT INTO fresh VALUES (1)');
    made.ddl = made.ddl.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS');
    assert.equal(made.refusal, undefined);
    assert.equal(await createNewTable(client, made), false);
    assert.equal((await client.rawQuery('SELECT count() FROM fresh')).text(), '1\n');
  });

  it('is the one that the rows go to', () => {
    assert.equal(made.refusal, undefined);
    const { ddl } = made;
    for (const [name, refusal] of [
      [
        '`default`.other',
        /^The statement creates default\.other, but the rows go to default\.fresh\./,
      ],
      ['fresh', /^The statement creates fresh, but the rows go to default\.fresh\./],
      ['"default" . fresh', undefined],
    ] as const) {
      made.ddl = ddl.replace(/CREATE TABLE \S+/, `CREATE TABLE ${name}`);
      assert.ok(made.ddl.includes(name));
      if (refusal) assert.match(String(made.refusal), refusal);
      else assert.equal(made.refusal, undefined);
    }
    made.ddl = ddl.replace('CREATE TABLE', 'CREATE TEMPORARY TABLE');
    assert.match(String(made.refusal), /must be one CREATE TABLE/);
  });
});
