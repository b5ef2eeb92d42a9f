import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createClient,
  isClickHouseError,
  isFileError,
  isTruncatedResponseError,
} from '../../../src/core/client/index.ts';
import type { Client, ContentCoding } from '../../../src/core/client/surface.ts';
import { quoteLiteral } from '../../../src/core/sql/quote.ts';
import { type Engine, startEngine } from '../../../src/core/engine/engine.ts';
import { curl, seededRandom, until, useFolder } from '../client/support.ts';
import { childScript, testProgram, useEngine } from '../fixture.ts';
import { CuttingProxy } from './cuttingProxy.ts';
import { checkStart, checkUntouched, save, SITUATIONS, type Situation } from './saveCheck.ts';

const SMALL_BLOCKS = { max_block_size: '1000', output_format_write_statistics: '0' };
const ROWS = 30_000;
/** The server sends nothing before it has a megabyte, and these must not fail before that. */
const COMPRESSED_ROWS = 200_000;
/** A result that fails at one row, counted from 0; without one, the same result whole. */
function failing(rows: number, row = 4_000_000_000): string {
  return `SELECT number, sipHash64(number) AS hash, throwIf(number = ${row}) AS fails FROM numbers(${rows})`;
}

/** 6 MiB in a third of a second, so that something can happen meanwhile. */
const SLOW =
  'SELECT repeat(char(65 + number % 26), 65536) AS text, sleepEachRow(0.003) AS slept FROM numbers(96)';
const SLOW_BLOCKS = { max_block_size: '4' };
const WRITTEN = 1024 * 1024;
/** Send next to nothing before the result is complete. */
const WRITTEN_AT_THE_END = ['Parquet', 'ORC'];

interface Kind {
  readonly format: string;
  readonly compression: 'none' | ContentCoding;
  readonly rows: number;
  readonly situations: readonly Situation[];
}

const [OVER_OLD, AS_NEW, KEPT, ADDED, ADDED_KEPT] = SITUATIONS;

describe('a save that fails leaves no false file', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  const references = new Map<string, Buffer>();
  let count = 0;
  before(() => {
    client = createClient(engine());
  });
  after(() => client.close());

  /** A path in a folder of its own. */
  function freshTarget(): string {
    const own = join(folder(), String((count += 1)));
    mkdirSync(own);
    return join(own, 'result.out');
  }

  /** The whole result of a statement, as curl gets it. */
  async function reference(
    sql: string,
    format: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<Buffer> {
    const key = `${format} ${sql}`;
    const known = references.get(key);
    if (known !== undefined) return known;
    const whole = await curl(engine(), sql, { default_format: format, ...settings });
    references.set(key, whole);
    return whole;
  }

  /** What the engine reads of an .xz file of lines before it finds that the file is cut. */
  async function unpackedStart(path: string): Promise<Buffer> {
    const lines = `${path}.lines`;
    const sql = `SELECT line FROM file(${quoteLiteral(path)}, LineAsString, 'line String', 'xz')`;
    const settings = { ...SMALL_BLOCKS, max_threads: '1' };
    const options = { format: 'TSVRaw', settings, keepPartial: true };
    await assert.rejects(client.saveTo(sql, lines, options), /LZMA_STREAM_DECODER_FAILED/);
    return readFile(`${lines}.partial`);
  }

  describe('when the server fails', () => {
    const settings = { ...SMALL_BLOCKS, output_format_parquet_row_group_size: '5000' };
    const places = { 'at row 1': 0, 'in the middle': 0.5, 'in the last row': 1 };
    const plain: Kind[] = [
      ...['CSV', 'TSVWithNames', 'JSONEachRow', 'JSON', 'XML', 'Values', 'RowBinary', 'Native'],
      ...['ArrowStream', 'Parquet', 'ORC'],
    ].map((format) => ({
      format,
      compression: 'none',
      rows: ROWS,
      situations: [OVER_OLD, KEPT, ADDED_KEPT],
    }));
    const compressed: Kind[] = (['gzip', 'zstd', 'br', 'deflate'] as const).map((compression) => ({
      format: 'CSV',
      compression,
      rows: COMPRESSED_ROWS,
      situations: [OVER_OLD, KEPT],
    }));

    for (const { format, compression, rows, situations } of [...plain, ...compressed]) {
      for (const [place, share] of Object.entries(places)) {
        it(`${place}, as ${format}, compression ${compression}`, async () => {
          const whole = await reference(failing(rows), format, settings);
          for (const { old, options } of situations) {
            const { error, partial } = await save({
              client,
              sql: failing(rows, Math.round(share * (rows - 1))),
              target: freshTarget(),
              options: { ...options, format, compression, settings },
              old,
              reference: whole,
            });
            assert.ok(isClickHouseError(error) && error.code === 395, String(error));
            if (share === 0 || WRITTEN_AT_THE_END.includes(format)) continue;
            assert.equal(error.phase, 'body');
            assert.equal(partial !== undefined, 'keepPartial' in options);
            assert.ok(partial === undefined || partial.bytes > 50_000);
          }
        });
      }
    }

    for (const compression of ['lz4', 'snappy'] as const) {
      it(`with an error text where Node cannot look, compression ${compression}`, async () => {
        const whole = await curl(
          engine(),
          failing(COMPRESSED_ROWS),
          { default_format: 'CSV', enable_http_compression: '1', ...settings },
          compression,
        );
        for (const { old, options } of [OVER_OLD, KEPT]) {
          const { error, partial } = await save({
            client,
            sql: failing(COMPRESSED_ROWS, COMPRESSED_ROWS - 1),
            target: freshTarget(),
            options: { ...options, format: 'CSV', compression, settings },
            old,
            reference: whole,
          });
          assert.ok(isTruncatedResponseError(error), String(error));
          assert.equal(partial !== undefined, 'keepPartial' in options);
          if (partial === undefined) continue;
          const kept = await readFile(partial.path);
          checkStart(kept, whole);
          assert.ok(kept.length > 1_000_000, `${kept.length} bytes`);
        }
      });
    }

    it('with an error text in an .xz file', async () => {
      // xz is slow: the least that fills the server's buffer of a megabyte.
      const failingAt = (row: number): string =>
        `SELECT hex(sipHash128(number)) AS hash, throwIf(number = ${row}) AS fails FROM numbers(70000)`;
      const target = freshTarget();
      const { error, partial } = await save({
        client,
        sql: failingAt(69_999),
        target,
        options: { overwrite: true, keepPartial: true, format: 'CSV', compression: 'xz', settings },
        old: Buffer.from('old'),
        reference: Buffer.alloc(0),
      });
      assert.ok(isTruncatedResponseError(error), String(error));
      assert.ok(partial);
      const content = await unpackedStart(partial.path);
      checkStart(content, await reference(failingAt(1e9), 'CSV', settings));
      assert.ok(content.length > 1_000_000, `${content.length} bytes`);
    });

    it('by someone who kills the query', async () => {
      const whole = await reference(SLOW, 'CSV', SLOW_BLOCKS);
      for (const { old, options } of [OVER_OLD, KEPT]) {
        const queryId = crypto.randomUUID();
        const onProgress = once(() => {
          client.cancel(queryId).catch(() => undefined);
        });
        const { error } = await save({
          client,
          sql: SLOW,
          target: freshTarget(),
          options: { ...options, format: 'CSV', settings: SLOW_BLOCKS, queryId, onProgress },
          old,
          reference: whole,
        });
        assert.ok(isClickHouseError(error) && error.code === 394, String(error));
      }
    });
  });

  describe('when the connection is cut', () => {
    const CUTS = 20;
    const seed = randomInt(1_000_000);
    let proxy: CuttingProxy;
    let through: Client;
    before(async () => {
      proxy = new CuttingProxy(Number(new URL(engine().url).port));
      through = createClient({ ...engine(), url: await proxy.listen() });
    });
    after(async () => {
      await through.close();
      await proxy.close();
    });

    async function cutSave(
      at: { bytes: number } | { beforeEnd: number },
      how: 'fin' | 'reset',
      { old, options }: Situation,
      compression: 'none' | 'gzip' | 'zstd' = 'none',
    ): Promise<void> {
      const queryId = crypto.randomUUID();
      proxy.cut = { queryId, at, how };
      const settings = SMALL_BLOCKS;
      const { error } = await save({
        client: through,
        sql: failing(ROWS),
        target: freshTarget(),
        options: { ...options, format: 'CSV', compression, queryId, settings },
        old,
        reference: await reference(failing(ROWS), 'CSV', settings),
      });
      assert.equal(proxy.cut, undefined, 'it was not cut');
      // A reset may reach the client before any byte of the reply; then the query is sent again.
      if (error === undefined) assert.equal(how, 'reset');
      else assert.ok(isTruncatedResponseError(error) || error.kind === 'connect', String(error));
    }

    it(`at ${CUTS} random places (seed ${seed})`, async () => {
      const random = seededRandom(seed);
      const codings = ['none', 'gzip', 'zstd'] as const;
      for (let round = 0; round < CUTS; round += 1) {
        const compression = codings[round % codings.length] ?? 'none';
        const target = freshTarget();
        const whole = { format: 'CSV', compression, settings: SMALL_BLOCKS } as const;
        const { bytes } = await through.saveTo(failing(ROWS), target, whole);
        const at = { bytes: 1 + Math.floor(random() * bytes) };
        const situation = SITUATIONS[round % (compression === 'none' ? 5 : 3)] ?? OVER_OLD;
        await cutSave(at, round % 2 === 0 ? 'fin' : 'reset', situation, compression);
      }
    });

    for (const beforeEnd of [1, 2, 3, 4, 5]) {
      it(`${beforeEnd} bytes before the end`, async () => {
        await cutSave({ beforeEnd }, 'fin', OVER_OLD);
        await cutSave({ beforeEnd }, 'fin', KEPT, 'gzip');
      });
    }
  });

  describe('when the server is killed', () => {
    let doomed: Engine;
    before(async () => {
      doomed = await startEngine({ program: await testProgram(), childScript });
    });
    after(() => doomed.stop());

    it('in the middle of several saves', async () => {
      const dying = createClient(doomed.endpoint);
      const whole = await reference(SLOW, 'CSV', SLOW_BLOCKS);
      let writing = 0;
      const saves = SITUATIONS.map(({ old, options }) => {
        const onProgress = once(() => (writing += 1));
        return save({
          client: dying,
          sql: SLOW,
          target: freshTarget(),
          options: { ...options, format: 'CSV', settings: SLOW_BLOCKS, onProgress },
          old,
          reference: whole,
        });
      });
      await until(() => writing === saves.length);
      process.kill(doomed.pid, 'SIGKILL');
      for (const { error } of await Promise.all(saves)) {
        assert.ok(isTruncatedResponseError(error), String(error));
      }
      await dying.close();
    });
  });

  describe('when something happens to its files meanwhile', () => {
    interface Fault {
      readonly name: string;
      readonly situations: readonly Situation[];
      /** Called once, with a part of the result on the disk. */
      readonly meanwhile: (target: string, whole: Buffer) => unknown;
      /** Of the FileError; undefined: the save succeeds. */
      readonly code: string | undefined;
      /** What is under the final name at the end; default: what was there before. */
      readonly leaves?: Buffer | undefined;
      /** How what someone else put in the place of the partial file begins. */
      readonly leavesPartial?: string;
    }
    const theirs = 'made by someone else';
    const partialOf = (target: string): string => `${target}.partial`;
    const faults: readonly Fault[] = [
      {
        name: 'its folder is removed',
        situations: SITUATIONS,
        meanwhile: (target) => {
          rmSync(dirname(target), { recursive: true });
        },
        code: 'ENOENT',
        leaves: undefined,
      },
      {
        name: 'its folder is renamed',
        situations: SITUATIONS,
        meanwhile: (target) => {
          renameSync(dirname(target), `${dirname(target)}-moved`);
        },
        code: 'ENOENT',
        leaves: undefined,
      },
      {
        name: 'the partial file is removed',
        situations: SITUATIONS,
        meanwhile: (target) => {
          rmSync(partialOf(target));
        },
        code: 'ENOENT',
      },
      {
        name: 'the partial file is replaced',
        situations: SITUATIONS,
        meanwhile: (target) => {
          rmSync(partialOf(target));
          writeFileSync(partialOf(target), theirs);
        },
        code: 'CHANGED',
        leavesPartial: theirs,
      },
      {
        name: 'the partial file is replaced by one of the right size',
        situations: [OVER_OLD, AS_NEW, KEPT],
        meanwhile: (target, whole) => {
          rmSync(partialOf(target));
          writeFileSync(partialOf(target), 'x'.repeat(whole.length));
        },
        code: 'CHANGED',
        leavesPartial: 'x',
      },
      {
        name: 'the partial file is emptied',
        situations: [OVER_OLD, AS_NEW, ADDED],
        meanwhile: (target) => {
          truncateSync(partialOf(target), 0);
        },
        code: 'CHANGED',
      },
      {
        name: 'the partial file is cut',
        situations: [OVER_OLD, AS_NEW, ADDED],
        meanwhile: (target) => {
          truncateSync(partialOf(target), 1_000);
        },
        code: 'CHANGED',
      },
      {
        name: 'someone else writes into the partial file',
        situations: [OVER_OLD, AS_NEW, ADDED],
        meanwhile: (target) => {
          appendFileSync(partialOf(target), theirs);
        },
        code: 'CHANGED',
      },
      {
        name: 'someone else makes the target',
        situations: [AS_NEW, KEPT],
        meanwhile: (target) => {
          writeFileSync(target, theirs);
        },
        code: 'EXISTS',
        leaves: Buffer.from(theirs),
      },
      {
        name: 'someone else makes a folder of the name',
        situations: [AS_NEW, KEPT, { ...AS_NEW, options: { overwrite: true } }],
        meanwhile: (target) => {
          mkdirSync(target);
        },
        code: 'EISDIR',
      },
      {
        name: 'the old file is removed, which is no reason to fail',
        situations: [OVER_OLD],
        meanwhile: (target) => {
          rmSync(target);
        },
        code: undefined,
      },
    ];
    for (const { name, situations, meanwhile, code, ...after } of faults) {
      it(name, async () => {
        const whole = await reference(SLOW, 'CSV', SLOW_BLOCKS);
        // At once: each waits for the server, not for the others.
        await Promise.all(
          situations.map(async ({ old, options }) => {
            const target = freshTarget();
            if (old !== undefined) writeFileSync(target, old);
            const happens = once(() => {
              meanwhile(target, whole);
            });
            let told: string | undefined;
            const saving = client.saveTo(SLOW, target, {
              ...options,
              format: 'CSV',
              settings: SLOW_BLOCKS,
              onPartial: (partial) => (told = partial.path),
              onProgress: () => {
                const { size } = statSync(partialOf(target), { throwIfNoEntry: false }) ?? {};
                if (size !== undefined && size >= WRITTEN) happens();
              },
            });
            if (code === undefined) {
              await saving;
              assert.ok(readFileSync(target).equals(whole));
              return;
            }
            await assert.rejects(saving, (error) => {
              assert.ok(isFileError(error), String(error));
              assert.equal(error.code, code);
              assert.equal(error.path, target);
              assert.ok(error.message.includes(target));
              assert.ok(error.hint !== undefined);
              return true;
            });
            if (told === undefined) {
              const left = readFileIf(partialOf(target));
              assert.equal(left?.slice(0, after.leavesPartial?.length), after.leavesPartial);
            } else {
              assert.ok(options.keepPartial);
              assert.ok(readFileSync(told).equals(whole));
            }
            if (code === 'EISDIR') assert.ok(lstatSync(target).isDirectory());
            else checkUntouched(target, 'leaves' in after ? after.leaves : old);
          }),
        );
      });
    }
  });
});

/** A function that does something the first time only. */
function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}

function readFileIf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
