import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bindClientSide,
  createClient,
  isParameterError,
  tuple,
} from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';

describe('bindClientSide', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  async function run(sql: string): Promise<string> {
    return (await client.rawQuery(sql, { format: 'TSVRaw' })).text().replace(/\n$/, '');
  }

  const literals: readonly (readonly [unknown, string, string])[] = [
    [null, '\\N', 'Nullable(Nothing)'],
    ["it's \\ a\ttext\0 end", "it's \\ a\ttext\0 end", 'String'],
    [true, 'true', 'Bool'],
    [5, '5', 'UInt8'],
    [-5, '-5', 'Int8'],
    [-0, '-0', 'Float64'],
    [1.5e-7, '1.5e-7', 'Float64'],
    [NaN, 'nan', 'Float64'],
    [-Infinity, '-inf', 'Float64'],
    [18446744073709551615n, '18446744073709551615', 'UInt64'],
    [-9223372036854775808n, '-9223372036854775808', 'Int64'],
    [18446744073709551616n, '18446744073709551616', 'UInt256'],
    [-9223372036854775809n, '-9223372036854775809', 'Int256'],
    [new Uint8Array([0x41, 0x42]), 'AB', 'String'],
    [new Date(1709208000123), '2024-02-29 12:00:00.123', "DateTime64(3, 'UTC')"],
    [['a', "b'c"], "['a','b\\'c']", 'Array(String)'],
    [new Set([1, 2]), '[1,2]', 'Array(UInt8)'],
    [[[1], []], '[[1],[]]', 'Array(Array(UInt8))'],
    [tuple('a'), "('a')", 'Tuple(String)'],
    [tuple(1, 'a', [null]), "(1,'a',[NULL])", 'Tuple(UInt8, String, Array(Nullable(Nothing)))'],
    [{ "k'": 1 }, "{'k\\'':1}", 'Map(String, UInt8)'],
    [new Map([[1, 'x']]), "{1:'x'}", 'Map(UInt8, String)'],
  ];
  for (const [value, text, type] of literals) {
    it(`writes ${text.replace('\0', '\\0')} as ${type}`, async () => {
      const sql = bindClientSide('SELECT %(v)s, toTypeName(%(v)s)', { v: value });
      assert.equal(await run(sql), `${text}\t${type}`);
      assert.equal(await run(bindClientSide('SELECT %s', [value])), text);
    });
  }

  const statements: readonly (readonly [string, Record<string, unknown> | unknown[], string])[] = [
    ["SELECT 'abc' LIKE '%c' AND 10 % 3 = 1 AND %(a)s = 1", { a: 1 }, '1'],
    ['SELECT 10 %% 4 + %(a)s', { a: 1 }, '3'],
    ['SELECT 1 -%(a)s', { a: -5 }, '6'],
    ["SELECT '{a:b}', %(a)s", { a: 7 }, '{a:b}\t7'],
    ["SELECT '%s', '%%', %s", [1], '%s\t%%\t1'],
    ['SELECT %(a_64)s AS a_64 -- %(a)s, it is a comment', { a_64: 3 }, '3'],
    ['SELECT %(a)sAS x', { a: '5 ' }, '5 '],
    ['SELECT number FROM numbers(9) WHERE number IN %(ids)s', { ids: tuple(7) }, '7'],
    ['SELECT number FROM numbers(9) WHERE number IN %(ids)s', { ids: [7] }, '7'],
    ['SELECT %(a)s', { a: '%(b)s', b: 2 }, '%(b)s'],
    ['SELECT %s, %s', ['%s', 2], '%s\t2'],
  ];
  for (const [sql, values, result] of statements) {
    it(`binds ${sql}`, async () => {
      assert.equal(await run(bindClientSide(sql, values)), result);
    });
  }

  const refused: readonly (readonly [string, Record<string, unknown> | unknown[]])[] = [
    ['SELECT %(a)s', {}],
    ['SELECT %(a)s', { a: undefined }],
    ['SELECT %(toString)s', {}],
    ["SELECT '%(a)s'", { a: 'x' }],
    ['SELECT %s, %s', [1]],
    ["SELECT '%s'", [1]],
    ['SELECT %s', ['\ud800']],
    ['SELECT %s', [1n << 256n]],
    ['SELECT %s', [new Date(NaN)]],
    ['SELECT %s', [() => 1]],
    ['SELECT %s', [Symbol('x')]],
    ['SELECT %s', [/x/]],
  ];
  for (const [sql, values] of refused) {
    it(`refuses ${sql} with ${Object.values(values).map(String).join()}`, () => {
      assert.throws(() => bindClientSide(sql, values), isParameterError);
    });
  }

  it('writes any text so that it comes back the same', async () => {
    const texts = fc.sample(fc.string({ unit: 'binary' }), { numRuns: 2_000, seed: 7 });
    const sql = bindClientSide(`SELECT [${texts.map(() => '%s').join(', ')}]`, texts);
    const result = await client.rawQuery(sql, { format: 'JSONCompactEachRow' });
    assert.deepEqual(JSON.parse(result.text()), [texts]);
  });
});
