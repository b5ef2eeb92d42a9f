import assert from 'node:assert/strict';
import { findParameters } from '../../../src/core/sql/parameters.ts';

function found(sql: string): string[] {
  return findParameters(sql).map(
    ({ name, type, start, end }) => `${name}|${type}|${sql.slice(start, end)}`,
  );
}

describe('findParameters', () => {
  it('lists every place, with name and type', () => {
    assert.deepEqual(
      found(
        "SELECT {a:UInt8}, { b : Map(String, Tuple(x Enum8('}'=1), y Int8)) } FROM {t:Identifier} WHERE {a:UInt8}",
      ),
      [
        'a|UInt8|{a:UInt8}',
        "b|Map(String, Tuple(x Enum8('}'=1), y Int8))|{ b : Map(String, Tuple(x Enum8('}'=1), y Int8)) }",
        't|Identifier|{t:Identifier}',
        'a|UInt8|{a:UInt8}',
      ],
    );
  });

  it('looks neither into strings, comments, map literals nor inline data', () => {
    assert.deepEqual(
      found("SELECT '{a:UInt8}', {'a':1}, `{b:Int8}` -- {c:Int8}\n /* {d:Int8} */"),
      [],
    );
    assert.deepEqual(found('INSERT INTO t FORMAT JSONEachRow\n{a:UInt8}\n\nSELECT {b:UInt8}'), [
      'b|UInt8|{b:UInt8}',
    ]);
    assert.deepEqual(found('INSERT INTO {t:Identifier} VALUES ({v:UInt8})'), [
      't|Identifier|{t:Identifier}',
      'v|UInt8|{v:UInt8}',
    ]);
  });

  it('leaves the parameters of a parameterized view to the view', () => {
    assert.deepEqual(found('CREATE OR REPLACE VIEW {v:Identifier} AS SELECT {a:UInt8}'), [
      'v|Identifier|{v:Identifier}',
    ]);
    assert.deepEqual(found('SELECT * FROM v(a = {x:UInt8})'), ['x|UInt8|{x:UInt8}']);
  });

  it('ignores what is not finished', () => {
    assert.deepEqual(found('SELECT {a'), []);
    assert.deepEqual(found('SELECT {a:'), []);
    assert.deepEqual(found('SELECT {a:UInt8'), []);
    assert.deepEqual(found('SELECT {:UInt8}'), []);
  });
});
