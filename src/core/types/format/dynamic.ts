import type { Data } from 'apache-arrow';
import { decodeBytes, quote } from './strings.ts';
import { bytesOf, UnknownPair, validity, type CellKind, type ValueReader } from './valueReader.ts';

const KINDS: ReadonlyMap<string, CellKind> = new Map([
  ['"', 'text'],
  ['[', 'composite'],
  ['{', 'composite'],
  ['t', 'bool'],
  ['f', 'bool'],
]);

/** Dynamic arrives as JSON text: `null`, a quoted string, or a value as it is. */
export function dynamicReader(data: Data): ValueReader {
  const bytes = bytesOf(data);
  if (!bytes) throw new UnknownPair('Dynamic', data);
  const valid = validity(data);
  const json = (row: number): string => (valid(row) ? decodeBytes(bytes(row)).text : 'null');
  return {
    kind: (row) => {
      const text = json(row);
      return text === 'null' ? 'null' : (KINDS.get(text.charAt(0)) ?? 'number');
    },
    text: (row) => {
      const text = json(row);
      if (text === 'null') return 'NULL';
      return text.startsWith('"') ? unquote(text) : text;
    },
    nested: (row) => {
      const text = json(row);
      if (text === 'null') return 'NULL';
      return text.startsWith('"') ? quote(unquote(text)) : text;
    },
  };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

// Not JSON.parse: bytes that are not UTF-8 were already shown as \xHH, which JSON does not know.
function unquote(json: string): string {
  return json
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|(x[0-9A-F]{2})|(.))/gs,
      (all: string, unicode: unknown, byte: unknown, char: string) => {
        if (typeof unicode === 'string') return String.fromCharCode(Number.parseInt(unicode, 16));
        return typeof byte === 'string' ? all : (ESCAPES.get(char) ?? char);
      },
    );
}
