import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GridSettings } from '../../../src/core/arrow/spool/gridSettings.ts';
import { loadResult } from '../../../src/core/arrow/spool/loadResult.ts';
import { ServerZones } from '../../../src/core/arrow/spool/serverZones.ts';
import { createClient } from '../../../src/core/client/client.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { intlZones } from '../../../src/core/types/format/zones.ts';
import { useEngine } from '../fixture.ts';
import { cellTexts } from './resultReader.ts';

/** Where time zone databases differ, rules name single years, a day was skipped, or history counts in seconds. */
const ZONES = [
  'Europe/Amsterdam',
  'Africa/Monrovia',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Asia/Tehran',
  'America/New_York',
  'Pacific/Apia',
  'America/Vancouver',
];

describe('time zones as the server knows them', () => {
  const engine = useEngine();
  let client: Client;
  let folder: string;

  before(async () => {
    client = createClient(engine());
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-zones-'));
  });
  after(async () => {
    await client.close();
    await rm(folder, { recursive: true });
  });

  for (const zone of ZONES) {
    it(`prints any time of ${zone} from the year 1 to 9999 as the server does`, async () => {
      const zones = new ServerZones(client);
      const [table] = await zones.tables([zone]);
      assert.ok(table);
      const changes = table.starts
        .slice(1)
        .flatMap((start) => [-86_400, -900, -1, 0, 1, 900, 43_200].map((by) => start + by));
      const sql = `SELECT fromUnixTimestamp64Second(t, '${zone}') AS time, toString(time) AS text
        FROM (SELECT arrayJoin([${changes.join()}]::Array(Int64)) AS t
          UNION ALL SELECT -62000000000 + toInt64(cityHash64(number) % 315000000000) FROM numbers(2000)
          UNION ALL SELECT -5400000000 + toInt64(cityHash64(number) % 20000000000) FROM numbers(4000))`;
      const result = await loadResult({
        source: client,
        sql,
        spoolPath: join(folder, 'times.arrow'),
        gridSettings: new GridSettings(client),
        zones,
        request: { settings: { max_query_size: 10_000_000 } },
      });
      try {
        assert.equal(result.columns[0]?.encoding, 'arrow');
        const rows = await cellTexts(result);
        assert.equal(rows.length, 6_000 + changes.length);
        const wrong = rows.filter(([time, text]) => time !== text);
        assert.deepEqual(wrong, []);
      } finally {
        await result.spool.dispose();
      }
    });
  }

  it('differ from those of JavaScript, so that the server has to be asked', async () => {
    const [table] = await new ServerZones(client).tables(['Europe/Amsterdam']);
    const at1930 = Date.parse('1930-01-01T00:00:00Z') / 1000;
    const index = table?.starts.findLastIndex((start) => start <= at1930) ?? -1;
    assert.equal(table?.offsets[index], 1_172);
    assert.notEqual(intlZones.offsetAt('Europe/Amsterdam', at1930), 1_172);
  });

  it('are asked for once, and not at all for UTC', async () => {
    let asked = 0;
    const counted: Pick<Client, 'rawQuery' | 'rawStream'> = {
      rawQuery: (...query) => {
        asked++;
        return client.rawQuery(...query);
      },
      rawStream: (...query) => client.rawStream(...query),
    };
    const zones = new ServerZones(counted);
    const tables = await zones.tables(['Asia/Tokyo', 'UTC', 'Asia/Tokyo']);
    await zones.tables(['Asia/Tokyo']);
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['Asia/Tokyo', 'UTC'],
    );
    assert.equal(asked, 1);
  });

  it('leave a zone out that the server does not know', async () => {
    assert.deepEqual(await new ServerZones(client).tables(['Mars/Olympus']), []);
  });
});
