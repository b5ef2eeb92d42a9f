import assert from 'node:assert/strict';
import { createClient, isParameterError } from '../../../src/core/client/index.ts';
import { encodeParameters } from '../../../src/core/client/params/encodeParameters.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { REFUSED, VECTORS } from './parameterVectors.ts';

describe('query parameters', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  for (const { type, value, wire, select = 'toString({p})', result } of VECTORS) {
    it(`${type} from ${JSON.stringify(wire)}`, async () => {
      const sql = `SELECT ${select.replaceAll('{p}', `{p:${type}}`)}`;
      assert.deepEqual(encodeParameters(sql, { p: value }), [['p', wire]]);
      const byUrl = await client.rawQuery(sql, { params: { p: value }, format: 'TSVRaw' });
      assert.equal(byUrl.text(), `${result}\n`);
      // A long second parameter moves all of them into a form.
      const padding = 'x'.repeat(5_000);
      const byForm = await client.rawQuery(`${sql} WHERE length({pad:String}) = 5000`, {
        params: { p: value, pad: padding },
        format: 'TSVRaw',
      });
      assert.equal(byForm.text(), `${result}\n`);
    });
  }

  for (const { type, value } of REFUSED) {
    it(`refuses ${JSON.stringify(typeof value === 'bigint' ? `${value}n` : value)} as ${type}`, async () => {
      await assert.rejects(
        client.rawQuery(`SELECT {p:${type}}`, { params: { p: value } }),
        isParameterError,
      );
    });
  }

  for (const name of ["we'ird", 'back\\slash', 'tick`y', 'a.b', '日本']) {
    it(`Identifier ${name}`, async () => {
      const result = await client.rawQuery('SELECT 1 AS {p:Identifier}', {
        params: { p: name },
        format: 'TSVRawWithNames',
      });
      assert.equal(result.text(), `${name}\n1\n`);
      const byForm = await client.rawQuery('SELECT length({pad:String}) AS {p:Identifier}', {
        params: { p: name, pad: 'x'.repeat(5_000) },
        format: 'TSVRawWithNames',
      });
      assert.equal(byForm.text(), `${name}\n5000\n`);
    });
  }

  it('sends external data as a table of the query', async () => {
    const result = await client.rawQuery(
      'SELECT sum(id), any(name) FROM ids WHERE id > {least:UInt8}',
      {
        params: { least: 1 },
        format: 'CSV',
        externalData: {
          ids: { source: '1\tx\n2\ty\n3\ty\n', format: 'TSV', structure: 'id UInt64, name String' },
        },
      },
    );
    assert.equal(result.text(), '5,"y"\n');
  });
});
