import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createClient, isParameterError } from '../../../src/core/client/index.ts';
import { encodeParameters } from '../../../src/core/client/params/encodeParameters.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useEngine } from '../fixture.ts';
import { KINDS, type ParameterKind, text } from './parameterKinds.ts';

interface Case {
  readonly kind: ParameterKind;
  readonly value: unknown;
}

/** About a quarter is refused, as it should be; more than 20,000 are sent. */
const VALUES = 29_000;
const SEED = Number(process.env['ROWHOUSE_SEED'] ?? 20_261_122);
/** Everything in its exact form: quoted where JSON numbers would lose digits, times in UTC. */
const EXACT_JSON = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  output_format_json_quote_denormals: 1,
  output_format_json_map_as_array_of_tuples: 1,
  output_format_json_named_tuples_as_objects: 0,
  date_time_output_format: 'iso',
} as const;

const anyCase = fc
  .constantFrom(...KINDS)
  .chain((kind) => kind.values.map((value): Case => ({ kind, value })));

/** False when the value is refused, which only a `ParameterError` may do. */
function isSendable({ kind, value }: Case): boolean {
  try {
    encodeParameters(`SELECT {p:${kind.type}}`, { p: value });
    return true;
  } catch (error) {
    if (isParameterError(error)) return false;
    throw error;
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    return item instanceof Map ? [...(item as Map<unknown, unknown>)] : item;
  });
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

describe('query parameters with random values', () => {
  const engine = useEngine();
  let client: Client;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  /** Sends one batch in one statement; gives what came back wrong. */
  async function wrongOf(batch: readonly Case[]): Promise<string[]> {
    const columns = batch.map(({ kind }, index) => `{p${index}:${kind.type}}`);
    // The first column says how many follow: "SELECT" alone would be no statement.
    const result = await client.rawQuery(`SELECT ${[batch.length, ...columns].join(', ')}`, {
      params: Object.fromEntries(batch.map(({ value }, index) => [`p${index}`, value])),
      format: 'JSONCompactEachRow',
      settings: EXACT_JSON,
    });
    const [, ...row] = JSON.parse(result.text()) as unknown[];
    return batch
      .map(({ kind, value }, index) =>
        kind.isSame(value, row[index])
          ? ''
          : `${kind.type}: sent ${shown(value)}, read ${shown(row[index])}`,
      )
      .filter((line) => line !== '');
  }

  // Parameters beyond 4,096 characters of URL travel as a form, which takes 1,000 fields.
  for (const [where, count, perRequest] of [
    ['in forms', VALUES, 600],
    ['in URLs', 3_000, 10],
  ] as const) {
    it(`reads back what was sent, or refuses it: ${count} values ${where}`, async () => {
      const all = fc.sample(anyCase, { numRuns: count, seed: SEED });
      const sent = all.filter(isSendable);
      const misjudged = all
        .filter((one) => isSendable(one) !== one.kind.isValid(one.value))
        .map((one) => `${one.kind.type}: ${shown(one.value)}`);
      assert.deepEqual(misjudged.slice(0, 10), [], 'refused or accepted wrongly');
      assert.ok(sent.length > count * 0.7 && sent.length < count, `${sent.length} were sent`);
      const wrong: string[] = [];
      for (const batch of batches(sent, perRequest)) wrong.push(...(await wrongOf(batch)));
      assert.deepEqual(wrong.slice(0, 10), []);
    }).timeout(120_000);
  }

  for (const zone of ['Asia/Tokyo', 'Pacific/Auckland', 'America/New_York', 'UTC']) {
    it(`reads back or refuses times without a zone in a session in ${zone}`, async () => {
      const edges = ['1970-01-01T00:00:00Z', '2024-01-15T12:00:00Z', '2106-02-07T06:28:15Z'];
      const seconds = fc.sample(
        fc
          .tuple(fc.constantFrom(...edges), fc.integer({ min: -200_000, max: 200_000 }))
          .map(([edge, off]) => Date.parse(edge) / 1_000 + off),
        { numRuns: 1_500, seed: SEED },
      );
      const times = seconds.map((at) =>
        new Date(at * 1_000).toISOString().slice(0, 19).replace('T', ' '),
      );
      const isSent = (value: string): boolean =>
        isSendable({ kind: { ...text, type: 'DateTime' }, value });
      const sent = times.filter(isSent);
      assert.ok(sent.length > times.length * 0.4 && sent.length < times.length * 0.8);
      for (const batch of batches(sent, 500)) {
        const columns = batch.map((_, index) => `{p${index}:DateTime}`);
        const result = await client.rawQuery(`SELECT ${columns.join(', ')}`, {
          params: Object.fromEntries(batch.map((value, index) => [`p${index}`, value])),
          format: 'JSONCompactEachRow',
          settings: { session_timezone: zone },
        });
        assert.deepEqual(JSON.parse(result.text()), batch);
      }
    });
  }

  it('takes any text as an identifier', async () => {
    const texts = fc.sample(text.values, { numRuns: 2_000, seed: SEED });
    const whole = texts.filter((value) => text.isValid(value) && value !== '') as string[];
    assert.ok(whole.length > 1_500);
    for (const batch of batches([...new Set(whole)], 400)) {
      const names = batch.map((_, index) => `1 AS {p${index}:Identifier}`);
      const result = await client.rawQuery(`SELECT ${names.join(', ')}`, {
        params: Object.fromEntries(batch.map((name, index) => [`p${index}`, name])),
        format: 'JSONCompactEachRowWithNames',
      });
      assert.deepEqual(JSON.parse(result.text().split('\n', 1)[0] ?? ''), batch);
    }
  });
});
