import type { ResultColumn } from './columns.ts';
import { COPY_FORMATS, type CopyBlock } from './gridCommand.ts';
import type { CutCell, HostMessage, WebviewMessage } from './protocol.ts';
import type { ZoneTable } from './zoneTable.ts';

/** Outcome of a check: the message, or in plain words what is wrong with it. */
export type Checked<T> = { ok: true; message: T } | { ok: false; problem: string };

/** A reader takes a value from outside and returns it typed, or throws `Problem` naming the place. */
export type Reader<T> = (value: unknown, at: string) => T;

class Problem extends Error {}

export function fail(at: string, expected: string): never {
  throw new Problem(`${at}: expected ${expected}`);
}

export const text: Reader<string> = (value, at) =>
  typeof value === 'string' ? value : fail(at, 'a text');

export const flag: Reader<boolean> = (value, at) =>
  typeof value === 'boolean' ? value : fail(at, 'true or false');

/** A whole number from 0 to 2^53 - 1: a row, a count, an id. */
export const count: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(at, 'a whole number of at least 0');

export const amount: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : fail(at, 'a number of at least 0');

export const wholeNumber: Reader<number> = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : fail(at, 'a whole number');

export const bytes: Reader<Uint8Array> = (value, at) =>
  value instanceof Uint8Array ? value : fail(at, 'bytes (a Uint8Array)');

export function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (value, at) =>
    values.find((allowed) => allowed === value) ?? fail(at, `one of ${values.join(', ')}`);
}

export function list<T>(item: Reader<T>): Reader<T[]> {
  return (value, at) =>
    Array.isArray(value)
      ? value.map((entry: unknown, i) => item(entry, `${at}[${i}]`))
      : fail(at, 'a list');
}

export function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value, at) => (value === undefined ? undefined : reader(value, at));
}

export type Fields<T> = { [K in keyof T]-?: Reader<T[K]> };

/** An object with these fields; absent optional fields stay absent, unknown fields are dropped. */
export function object<T extends object>(fields: Fields<T>): Reader<T> {
  return (value, at) => {
    if (typeof value !== 'object' || value === null) fail(at, 'an object');
    const source = new Map(Object.entries(value));
    const entries = Object.entries<Reader<unknown>>(fields)
      .map(([name, read]) => [name, read(source.get(name), `${at}.${name}`)] as const)
      .filter(([, read]) => read !== undefined);
    return Object.fromEntries(entries) as T;
  };
}

/** Optional fields of the protocol are absent or present, never undefined: `object` drops them. */
export type Loose<T> = { [K in keyof T]: T[K] | undefined };

export type Messages<M extends { type: string }> = {
  [K in M['type']]: Fields<Loose<Omit<Extract<M, { type: K }>, 'type'>>>;
};

export function check<M extends { type: string }>(
  messages: Messages<M>,
  value: unknown,
): Checked<M> {
  try {
    const { type } = object<{ type: string }>({ type: text })(value, 'message');
    const fields = new Map<string, Fields<object>>(Object.entries(messages)).get(type);
    if (fields === undefined) return { ok: false, problem: `unknown message type ${type}` };
    return { ok: true, message: { type, ...object(fields)(value, type) } as M };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

export const column = object<ResultColumn>({
  name: text,
  type: text,
  encoding: oneOf('arrow', 'text'),
});

export const zoneTable = object<ZoneTable>({
  name: text,
  starts: list(wholeNumber),
  offsets: list(wholeNumber),
});

export const cutCell = object<CutCell>({ row: count, column: count });

const copyBlock = object<CopyBlock>({
  rows: list(object<{ first: number; last: number }>({ first: count, last: count })),
  columns: list(count),
});

/** What every page with a grid asks of the host. */
export const gridQuestions: Messages<
  Extract<WebviewMessage, { type: 'window' | 'abandon' | 'copyAs' }>
> = {
  window: {
    requestId: count,
    resultId: text,
    firstRow: count,
    rows: count,
    columns: list(count),
    whole: optional(flag),
    view: optional(text),
  },
  abandon: { requestId: count },
  copyAs: {
    requestId: count,
    resultId: text,
    format: oneOf(...COPY_FORMATS),
    header: flag,
    blocks: list(copyBlock),
    view: optional(text),
  },
};

/** What the host answers. */
export const gridAnswers: Messages<
  Extract<HostMessage, { type: 'window' | 'copying' | 'copied' }>
> = {
  window: { requestId: count, firstRow: count, ipc: bytes, cut: optional(list(cutCell)) },
  copying: { requestId: count, cells: count },
  copied: { requestId: count, cells: count, tooLarge: flag },
};
