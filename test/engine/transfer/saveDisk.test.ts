import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { createClient, isClickHouseError } from '../../../src/core/client/index.ts';
import type { Client } from '../../../src/core/client/surface.ts';
import { useFolder } from '../client/support.ts';
import { useEngine } from '../fixture.ts';
import type { ChildJob, ChildOutcome } from './saveChild.ts';

/** 5 MB. */
const ROWS = 'SELECT number, sipHash64(number) FROM numbers(190000)';
/** As much, over half a second. */
const SLOW =
  'SELECT number, repeat(char(65 + number % 26), 50000), sleepEachRow(0.005) FROM numbers(100)';
const CHILD = fileURLToPath(new URL('./saveChild.ts', import.meta.url));
const NOBODY = 65_534;
const ROOT = process.getuid?.() === 0;
const OLD = 'the old file\n';

/** A disk of one MiB over a folder, for one process and its children. Not every machine lets one have it. */
const SMALL_DISK = [
  'unshare',
  '--mount',
  ...(ROOT ? [] : ['--user', '--map-root-user']),
  'sh',
  '-c',
  'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"',
  'sh',
] as const;

type Command = readonly [string, ...string[]];

interface Limit {
  readonly name: string;
  readonly code: string;
  /** So much surely fits, but not twice. */
  readonly roomBytes: number;
  /** The command before the one that is to be limited. */
  readonly command: (folder: string) => Command;
}

const LIMITS: readonly Limit[] = [
  {
    name: 'a limit for the size of files',
    code: 'EFBIG',
    roomBytes: 500_000,
    // 1024 blocks of 512 or 1024 bytes, which differs between systems.
    command: () => ['sh', '-c', 'ulimit -f 1024 && exec "$@"', 'sh'],
  },
  ...(mounts()
    ? [{ name: 'a full disk', code: 'ENOSPC', roomBytes: 700_000, command: smallDisk }]
    : []),
];

function smallDisk(folder: string): Command {
  return [...SMALL_DISK, folder];
}

function mounts(): boolean {
  const [program, ...args] = smallDisk(tmpdir());
  return spawnSync(program, [...args, 'true']).status === 0;
}

/** A folder on another disk than the temporary one, where there is one. */
function otherVolume(): string | undefined {
  const memory = statSync('/dev/shm', { throwIfNoEntry: false });
  return memory !== undefined && memory.dev !== statSync(tmpdir()).dev ? '/dev/shm' : undefined;
}

describe('a save and its disk', () => {
  const engine = useEngine();
  const folder = useFolder();
  let client: Client;
  let count = 0;
  before(() => {
    client = createClient(engine());
    // For those who are not its owner.
    chmodSync(folder(), 0o755);
  });
  after(() => client.close());

  function freshTarget(): string {
    const own = join(folder(), String((count += 1)));
    mkdirSync(own);
    return join(own, 'result.csv');
  }

  function start(job: Omit<ChildJob, 'endpoint'>, command?: Command): ChildProcess {
    const whole = { ...job, endpoint: engine() } satisfies ChildJob;
    const save = [process.execPath, CHILD, JSON.stringify(whole)] as const;
    const [program, ...args] = command === undefined ? save : [...command, ...save];
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  async function outcome(child: ChildProcess): Promise<ChildOutcome> {
    assert.ok(child.stdout);
    let last = '';
    for await (const line of createInterface(child.stdout)) last = line;
    return JSON.parse(last) as ChildOutcome;
  }

  for (const { name, code, roomBytes, command } of LIMITS) {
    describe(`with ${name}`, () => {
      const format = 'CSV';
      const cases: Readonly<Record<string, Pick<ChildJob, 'oldBytes' | 'options'>>> = {
        'as a new file': { options: { format } },
        'over an old file': { oldBytes: 100, options: { format, overwrite: true } },
        'added to an old file': { oldBytes: 100, options: { format, append: true } },
        'added to a file as large as fits': {
          oldBytes: roomBytes,
          options: { format, append: true },
        },
      };
      for (const [title, job] of Object.entries(cases)) {
        it(title, async () => {
          const target = freshTarget();
          const told = await outcome(
            start({ ...job, sql: ROWS, target }, command(join(target, '..'))),
          );
          assert.equal(told.code, code);
          assert.ok(told.message.includes(target) && told.hint !== undefined);
          assert.ok(told.untouched);
          assert.deepEqual(told.names, job.oldBytes === undefined ? [] : [basename(target)]);
          assert.equal(told.partial, undefined);
        });
      }

      it('tells the true size of what it kept', async () => {
        const target = freshTarget();
        const options = { format: 'CSV', keepPartial: true };
        const told = await outcome(
          start({ sql: ROWS, target, options }, command(join(target, '..'))),
        );
        assert.equal(told.code, code);
        assert.deepEqual(told.names, [`${basename(target)}.partial`]);
        assert.ok((told.partial?.size ?? 0) > 100_000);
        assert.equal(told.partial?.told, told.partial?.size);
      });
    });
  }

  it('tells of the partial file that it cannot remove from a folder made read-only', async () => {
    const target = freshTarget();
    const own = join(target, '..');
    if (ROOT) chownSync(own, NOBODY, NOBODY);
    const told = await outcome(
      start({
        sql: SLOW,
        target,
        oldBytes: 100,
        options: { format: 'CSV', overwrite: true },
        asNobody: true,
        closeFolder: true,
      }),
    );
    assert.equal(told.code, 'EACCES');
    assert.ok(told.message.includes(target) && told.hint !== undefined);
    assert.ok(told.untouched);
    assert.deepEqual(told.names, [basename(target), `${basename(target)}.partial`]);
    assert.equal(told.partial?.told, told.partial?.size);
    chmodSync(own, 0o755);
  });

  if (ROOT) {
    it('removes its partial file when the old one may not be replaced', async () => {
      const target = freshTarget();
      // In such a folder everyone may make files, but only remove or replace their own.
      chmodSync(join(target, '..'), 0o1777);
      const options = { format: 'CSV', overwrite: true };
      const told = await outcome(
        start({ sql: ROWS, target, oldBytes: 100, options, asNobody: true }),
      );
      assert.match(told.code ?? '', /^(EPERM|EACCES)$/);
      assert.ok(told.untouched);
      assert.deepEqual(told.names, [basename(target)]);
    });
  }

  it('leaves the old file when its process is killed, and the next save cleans up', async () => {
    const target = freshTarget();
    const options = { format: 'CSV', overwrite: true };
    writeFileSync(target, OLD);
    const child = start({ sql: SLOW, target, options });
    assert.ok(child.stdout);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(readFileSync(target, 'utf8'), OLD);
    assert.ok(statSync(`${target}.partial`).size > 0);
    await client.saveTo('SELECT 1', target, options);
    assert.equal(readFileSync(target, 'utf8'), '1\n');
    assert.deepEqual(readdirSync(join(target, '..')), [basename(target)]);
  });

  const elsewhere = otherVolume();
  it(`through a link to ${elsewhere === undefined ? 'another folder' : 'another volume'}`, async () => {
    const real = await mkdtemp(join(elsewhere ?? tmpdir(), 'rowhouse-test-'));
    const target = freshTarget();
    try {
      writeFileSync(join(real, 'real.csv'), OLD);
      symlinkSync(join(real, 'real.csv'), target);
      const fails = 'SELECT number, throwIf(number = 90000) FROM numbers(100000)';
      const options = { format: 'CSV', overwrite: true, settings: { max_block_size: 1_000 } };
      await assert.rejects(client.saveTo(fails, target, options), isClickHouseError);
      assert.equal(readFileSync(target, 'utf8'), OLD);
      const { path } = await client.saveTo('SELECT 1', target, options);
      assert.equal(path, join(real, 'real.csv'));
      assert.ok(lstatSync(target).isSymbolicLink());
      assert.equal(readFileSync(target, 'utf8'), '1\n');
      assert.deepEqual(readdirSync(real), ['real.csv']);
      assert.deepEqual(readdirSync(join(target, '..')), [basename(target)]);
    } finally {
      await rm(real, { recursive: true });
    }
  });
});
