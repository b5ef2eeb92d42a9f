import { isIP, isIPv4 } from 'node:net';
import type { TypeElement, TypeNode } from '../../types/typeNode.ts';
import type { ParameterError } from '../errors.ts';
import { encodeDecimal, encodeFloat, encodeInteger, shown } from './encodeNumber.ts';
import { encodeDateTime, encodeDateTime64, encodeDay, encodeTimeOfDay } from './encodeTime.ts';
import { escapeBytes, escapeText } from './escape.ts';

export interface EncodeContext {
  /** Inside an array, tuple or map: texts are quoted there, and NULL is a word. */
  readonly nested: boolean;
  readonly fail: (problem: string, hint?: string) => ParameterError;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The wire text of a value for a type. @throws ParameterError when it does not fit. */
export function encodeValue(type: TypeNode, value: unknown, context: EncodeContext): string {
  const { nested, fail } = context;
  if (value === null || value === undefined) {
    if (acceptsNull(type)) return nested ? 'NULL' : '\\N';
    throw fail('the type does not take NULL', 'Use Nullable(…) in the statement.');
  }
  const text = (wire: string): string => (nested ? `'${wire}'` : wire);
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
    case 'SimpleAggregateFunction':
      return encodeValue(type.inner, value, context);
    case 'Float32':
    case 'Float64':
    case 'BFloat16':
      return encodeFloat(type.name, value, context);
    case 'Decimal':
      return encodeDecimal(type.precision, type.scale, value, context);
    case 'Bool':
      return encodeBool(value, context);
    case 'String':
      return text(stringWire(value, fail));
    case 'FixedString':
      return text(fixedWire(type.length, value, fail));
    case 'Enum8':
    case 'Enum16':
      return text(escapeText(enumName(type.values, value, fail)));
    case 'UUID':
    case 'IPv4':
    case 'IPv6':
      return text(addressWire(type.name, value, fail));
    case 'Date':
    case 'Date32':
      return text(encodeDay(type.name, value, context));
    case 'DateTime':
      return text(encodeDateTime(type.timeZone, value, context));
    case 'DateTime64':
      return text(encodeDateTime64(type.precision, type.timeZone, value, context));
    case 'Time':
      return text(encodeTimeOfDay(0, value, context));
    case 'Time64':
      return text(encodeTimeOfDay(type.precision, value, context));
    case 'JSON':
      return text(escapeText(jsonText(value, fail)));
    case 'Array':
      return typedText(value, context) ?? encodeArray(type.inner, value, context);
    case 'Nested': {
      const row: TypeNode = { name: 'Tuple', elements: type.elements };
      return typedText(value, context) ?? encodeArray(row, value, context);
    }
    case 'Tuple':
      return typedText(value, context) ?? encodeTuple(type.elements, value, context);
    case 'Map':
      return typedText(value, context) ?? encodeMap(type.key, type.value, value, context);
    case 'Variant':
      return encodeVariant(type.members, value, context);
    case 'Dynamic':
      return encodeScalar(value, context);
    case 'Opaque':
      return type.text === 'Identifier'
        ? identifierWire(value, fail)
        : text(stringWire(value, fail));
    case 'Nothing':
      throw fail('the type takes NULL only');
    default:
      return encodeInteger(type.name.startsWith('Interval') ? 'Int64' : type.name, value, context);
  }
}

function acceptsNull(type: TypeNode): boolean {
  if (type.name === 'LowCardinality') return acceptsNull(type.inner);
  return (
    type.name === 'Nullable' ||
    type.name === 'Variant' ||
    type.name === 'Dynamic' ||
    type.name === 'Nothing'
  );
}

/** ClickHouse's own text of a whole array, tuple or map, typed by a person; the server checks it. */
function typedText(value: unknown, { nested, fail }: EncodeContext): string | undefined {
  return typeof value === 'string' && !nested ? wellFormed(value, fail) : undefined;
}

function encodeArray(inner: TypeNode, value: unknown, { fail }: EncodeContext): string {
  const items = arrayItems(value, fail);
  const visible = visibleDimensions(items);
  if (visible > 1 && visible < 1 + dimensions(inner)) {
    throw fail(
      'ClickHouse does not take nested arrays in which all inner arrays are empty (error 53)',
      "Send the text and convert it there: CAST({p:String} AS Array(…)) with '[[]]'.",
    );
  }
  return `[${items.map((item) => encodeValue(inner, item, { nested: true, fail })).join(',')}]`;
}

function dimensions(type: TypeNode): number {
  return type.name === 'Array' ? 1 + dimensions(type.inner) : 0;
}

/** Dimensions that the text of an array shows: `[[], []]` shows two, whatever its type. */
function visibleDimensions(value: unknown): number {
  if (!Array.isArray(value)) return 0;
  return 1 + Math.max(0, ...(value as readonly unknown[]).map(visibleDimensions));
}

function encodeTuple(
  elements: readonly TypeElement[],
  value: unknown,
  { fail }: EncodeContext,
): string {
  const items = tupleItems(elements, value, fail);
  const wires = elements.map((element, index) =>
    encodeValue(element.type, items[index], { nested: true, fail }),
  );
  return `(${wires.join(',')})`;
}

function encodeMap(
  keyType: TypeNode,
  valueType: TypeNode,
  value: unknown,
  { fail }: EncodeContext,
): string {
  const inside: EncodeContext = { nested: true, fail };
  const entries = mapEntries(value, fail).map(
    ([key, item]) => `${encodeValue(keyType, key, inside)}:${encodeValue(valueType, item, inside)}`,
  );
  return `{${entries.join(',')}}`;
}

function arrayItems(value: unknown, fail: EncodeContext['fail']): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(value as unknown as ArrayLike<unknown>);
  }
  if (value instanceof Set) return [...(value as Set<unknown>)];
  throw fail(`${shown(value)} is not an array`);
}

function tupleItems(
  elements: readonly TypeElement[],
  value: unknown,
  fail: EncodeContext['fail'],
): readonly unknown[] {
  if (Array.isArray(value)) {
    if (value.length === elements.length) return value as readonly unknown[];
    throw fail(`the tuple has ${elements.length} elements, the value ${value.length}`);
  }
  if (typeof value !== 'object' || value === null) throw fail(`${shown(value)} is not a tuple`);
  const fields = value as Readonly<Record<string, unknown>>;
  return elements.map(({ name }) => {
    if (name === undefined || !Object.hasOwn(fields, name)) {
      throw fail(`the value has no ${name ?? 'name for an unnamed'} element`);
    }
    return fields[name];
  });
}

function mapEntries(value: unknown, fail: EncodeContext['fail']): [unknown, unknown][] {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value);
  }
  throw fail(`${shown(value)} is not a map`);
}

/** The first member that takes the value; text only goes to a text member if there is one. */
function encodeVariant(
  members: readonly TypeNode[],
  value: unknown,
  context: EncodeContext,
): string {
  const stringMember = members.find((member) => member.name === 'String');
  if (typeof value === 'string' && stringMember !== undefined) {
    return encodeValue(stringMember, value, context);
  }
  for (const member of members) {
    if (member === stringMember) continue;
    try {
      return encodeValue(member, value, context);
    } catch {
      continue;
    }
  }
  throw context.fail(`${shown(value)} fits no member of the variant`);
}

function encodeScalar(value: unknown, context: EncodeContext): string {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    return encodeFloat('Float64', value, context);
  }
  const wire = stringWire(value, context.fail);
  return context.nested ? `'${wire}'` : wire;
}

function encodeBool(value: unknown, { fail }: EncodeContext): string {
  if (value === true || value === 1 || value === 'true' || value === '1') return 'true';
  if (value === false || value === 0 || value === 'false' || value === '0') return 'false';
  throw fail(`${shown(value)} is not true or false`);
}

function stringWire(value: unknown, fail: EncodeContext['fail']): string {
  if (value instanceof Uint8Array) return escapeBytes(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') throw fail(`${shown(value)} is not text`);
  return escapeText(wellFormed(value, fail));
}

function fixedWire(length: number, value: unknown, fail: EncodeContext['fail']): string {
  const bytes = value instanceof Uint8Array ? value.byteLength : Buffer.byteLength(String(value));
  if (bytes > length) throw fail(`the text has ${bytes} bytes, more than ${length}`);
  return stringWire(value, fail);
}

function enumName(
  values: ReadonlyMap<number, string>,
  value: unknown,
  fail: EncodeContext['fail'],
): string {
  const names = [...values.values()];
  if (typeof value === 'string' && names.includes(value)) return value;
  const name =
    typeof value === 'string' && /^-?\d+$/.test(value) ? values.get(Number(value)) : undefined;
  const found = typeof value === 'number' ? values.get(value) : name;
  if (found === undefined)
    throw fail(`${shown(value)} is not one of ${names.map(shown).join(', ')}`);
  return found;
}

function addressWire(
  name: 'UUID' | 'IPv4' | 'IPv6',
  value: unknown,
  fail: EncodeContext['fail'],
): string {
  const fits =
    typeof value === 'string' &&
    (name === 'UUID' ? UUID.test(value) : name === 'IPv4' ? isIPv4(value) : isAddress(value));
  if (!fits) throw fail(`${shown(value)} is not a ${name}`);
  return value;
}

/** Not with the zone of a network interface, as in `fe80::1%eth0`. */
function isAddress(value: string): boolean {
  return isIP(value) !== 0 && !value.includes('%');
}

/** Text is taken as JSON already; everything else is written as JSON. */
function jsonText(value: unknown, fail: EncodeContext['fail']): string {
  try {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (typeof value === 'string') JSON.parse(value);
    return wellFormed(text, fail);
  } catch (cause) {
    throw fail(`the value is not JSON (${cause instanceof Error ? cause.message : 'unknown'})`);
  }
}

/** The server takes an identifier as it is, without unescaping. */
function identifierWire(value: unknown, fail: EncodeContext['fail']): string {
  if (typeof value !== 'string' || value === '') throw fail(`${shown(value)} is not a name`);
  return wellFormed(value, fail);
}

function wellFormed(text: string, fail: EncodeContext['fail']): string {
  if (/\p{Cs}/u.test(text)) throw fail('the text contains half of a surrogate pair');
  return text;
}
