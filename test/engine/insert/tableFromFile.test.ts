import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { freeTableName, proposeTable } from '../../../src/core/transfer/tableFromFile.ts';
import { useEngine } from '../fixture.ts';
import { useFolder } from '../client/support.ts';

describe('a table for a file', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  for (const serverReadsFiles of [true, false]) {
    const reader = serverReadsFiles ? 'the engine' : 'a server';
    it(`is proposed by its first rows, and takes the file (${reader} looks)`, async () => {
      const path = join(folder(), 'trips.csv');
      const rows = Array.from({ length: 200 }, (_, row) => {
        const note = row === 150 ? '' : String(row * 2);
        return `${row % 2 === 0 ? 'red' : 'blue'};${row + 1};2026-01-02;${note};text ${row}`;
      });
      await writeFile(path, `colour;trip_id;day;paid;note of it\n${rows.join('\n')}\n`);
      const table = `trips_${String(serverReadsFiles)}`;
      const { ddl, columns, plan } = await proposeTable(client.rawQuery.bind(client), {
        path,
        table,
        serverReadsFiles,
      });
      assert.deepEqual(
        columns.map(({ type }) => type),
        ['LowCardinality(String)', 'Int64', 'Date', 'Nullable(Int64)', 'String'],
      );
      assert.match(ddl, /ORDER BY `trip_id`$/);
      assert.deepEqual(plan.settings, { format_csv_delimiter: ';' });
      await client.command(ddl);
      await client.insertFile({ table, path });
      const answer = await client.rawQuery(
        `SELECT count(), sum(trip_id), sum(paid), countIf(paid IS NULL), uniqExact(\`note of it\`) FROM ${table}`,
        { format: 'CSV' },
      );
      assert.equal(answer.text().trim(), '200,20100,39500,1,200');
    });
  }

  it('has no key where every column may be NULL or is a float', async () => {
    const path = join(folder(), 'loose.csv');
    await writeFile(path, 'a,b\n1.5,\n2.5,7\n');
    const { ddl } = await proposeTable(client.rawQuery.bind(client), {
      path,
      table: { database: 'default', table: 'odd `name`' },
      serverReadsFiles: true,
    });
    assert.match(ddl, /^CREATE TABLE `default`\.`odd \\`name\\``\n/);
    assert.match(ddl, /ORDER BY tuple\(\)$/);
  });

  it('gets a name that no table has yet', async () => {
    const { signal } = new AbortController();
    const free = (wanted: string): Promise<string> =>
      freeTableName(client.rawQuery.bind(client), 'default', wanted, signal);
    assert.equal(await free('sales'), 'sales');
    await client.command('CREATE TABLE sales (n UInt8) ENGINE = Memory');
    assert.equal(await free('sales'), 'sales_2');
    await client.command('CREATE TABLE sales_2 (n UInt8) ENGINE = Memory');
    assert.equal(await free('sales'), 'sales_3');
    assert.equal(await free('sale'), 'sale');
  });
});
