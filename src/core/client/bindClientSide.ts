import { tokenize } from '../sql/lexer.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { Token } from '../sql/token.ts';
import { ParameterError } from './errors.ts';

/** Values for `%(name)s`, or in order for `%s`. */
export type ClientSideValues = Readonly<Record<string, unknown>> | readonly unknown[];

/** A ClickHouse tuple among client-side values; arrays are written as arrays. Made by `tuple()`. */
export class TupleValue {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A tuple for `bindClientSide`, for example `tuple('a', 1)`. */
export function tuple(...items: readonly unknown[]): TupleValue {
  return new TupleValue(items);
}

const NAMED = /%\((\w+)\)s/y;
const POSITIONAL = /%s(?!\w)/y;
const LEAST_INT64 = -(1n << 63n);
const MOST_UINT64 = (1n << 64n) - 1n;
const LEAST_INT256 = -(1n << 255n);
const MOST_UINT256 = (1n << 256n) - 1n;

/**
 * Writes values into SQL text as literals, for statements that were written for Python's `%` style. Use
 * `params` with `{name:Type}` for everything new: there the server knows the types. Placeholders are
 * `%(name)s`, or `%s` when `values` is an array; `%%` is a percent sign, and so is a `%` of its own.
 * Text in quotes and comments stays as it is.
 * @throws ParameterError for a missing or surplus value, one without a literal, or a named placeholder in
 *   quotes, where a literal would break out of the text.
 */
export function bindClientSide(sql: string, values: ClientSideValues): string {
  const list = Array.isArray(values) ? (values as readonly unknown[]) : undefined;
  const named = values as Readonly<Record<string, unknown>>;
  let bound = '';
  let copied = 0;
  let used = 0;
  const replace = (start: number, end: number, text: string): void => {
    bound += sql.slice(copied, start) + text;
    copied = end;
  };
  for (const token of tokenize(sql)) {
    if (list === undefined) refuseQuoted(sql, token, named);
    if (token.kind !== 'Percent' || token.start < copied) continue;
    const name = list === undefined ? matchAt(NAMED, sql, token.start)?.[1] : undefined;
    if (name !== undefined) {
      if (!Object.hasOwn(named, name) || named[name] === undefined)
        throw missing(`%(${name})s`, name);
      replace(token.start, NAMED.lastIndex, literal(named[name], name));
    } else if (list !== undefined && matchAt(POSITIONAL, sql, token.start) !== null) {
      const place = String(used + 1);
      if (used >= list.length || list[used] === undefined)
        throw missing(`%s number ${place}`, place);
      replace(token.start, POSITIONAL.lastIndex, literal(list[used], place));
      used += 1;
    } else if (sql[token.end] === '%') {
      replace(token.start, token.end + 1, '%');
    }
  }
  if (list !== undefined && used < list.length) {
    throw new ParameterError(
      String(used + 1),
      `There are ${list.length} values, but ${used} placeholders %s outside quotes.`,
      { hint: 'A placeholder must not stand in quotes: text values bring their own.' },
    );
  }
  return bound + sql.slice(copied);
}

function matchAt(pattern: RegExp, sql: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(sql);
}

function missing(placeholder: string, name: string): ParameterError {
  return new ParameterError(name, `There is no value for ${placeholder}.`, {
    hint: 'Give null for NULL.',
  });
}

function refuseQuoted(sql: string, token: Token, values: Readonly<Record<string, unknown>>): void {
  if (token.kind !== 'StringLiteral' && token.kind !== 'QuotedIdentifier') return;
  for (const [placeholder, name = ''] of sql
    .slice(token.start, token.end)
    .matchAll(/%\((\w+)\)s/g)) {
    if (!Object.hasOwn(values, name)) continue;
    throw new ParameterError(name, `The placeholder ${placeholder} stands in quotes.`, {
      hint: 'Remove the quotes: text values bring their own.',
    });
  }
}

/** A value as an SQL literal. Negative numbers are in parentheses: `1 -%s` must not become a comment. */
function literal(value: unknown, name: string): string {
  const inner = (item: unknown): string => literal(item, name);
  if (value === null) return 'NULL';
  switch (typeof value) {
    case 'string':
      return textLiteral(value, name);
    case 'boolean':
      return String(value);
    case 'bigint':
      return bigintLiteral(value, name);
    case 'number':
      return numberLiteral(value);
    default:
  }
  if (value instanceof Uint8Array) return `unhex('${Buffer.from(value).toString('hex')}')`;
  if (value instanceof Date) return dateLiteral(value, name);
  // "('a')" is a text; the function makes a tuple of any size.
  if (value instanceof TupleValue) return `tuple(${value.items.map(inner).join(', ')})`;
  if (Array.isArray(value) || value instanceof Set) {
    return `[${[...(value as Iterable<unknown>)].map(inner).join(', ')}]`;
  }
  const entries = mapEntries(value);
  if (entries !== undefined) return `map(${entries.flat().map(inner).join(', ')})`;
  throw new ParameterError(name, `The value ${name} has no SQL literal.`);
}

function mapEntries(value: unknown): [unknown, unknown][] | undefined {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value) : undefined;
}

function textLiteral(text: string, name: string): string {
  try {
    return quoteLiteral(text);
  } catch (cause) {
    throw new ParameterError(name, `The value ${name} contains half of a surrogate pair.`, {
      cause,
    });
  }
}

/** Beyond 64 bits a bare number would become a Float64. */
function bigintLiteral(value: bigint, name: string): string {
  if (value >= LEAST_INT64 && value <= MOST_UINT64)
    return value < 0n ? `(${value})` : String(value);
  if (value < LEAST_INT256 || value > MOST_UINT256) {
    throw new ParameterError(name, `The value ${name} does not fit into 256 bits.`);
  }
  return `${value < 0n ? 'toInt256' : 'toUInt256'}('${value}')`;
}

function numberLiteral(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '(-inf)';
  if (Object.is(value, -0)) return '(-0.0)';
  return value < 0 ? `(${value})` : String(value);
}

function dateLiteral(value: Date, name: string): string {
  if (Number.isNaN(value.getTime())) {
    throw new ParameterError(name, `The value ${name} is an invalid Date.`);
  }
  const text = value.toISOString().replace('T', ' ').replace('Z', '');
  return `toDateTime64('${text}', 3, 'UTC')`;
}
