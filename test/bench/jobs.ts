import { createHash } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { createClient as createPeer } from '@clickhouse/client';
import { GridSettings } from '../../src/core/arrow/spool/gridSettings.ts';
import { loadResult } from '../../src/core/arrow/spool/loadResult.ts';
import { createClient } from '../../src/core/client/index.ts';
import type { Client, UploadCompression } from '../../src/core/client/surface.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';
import { FileChunks } from '../../src/core/transfer/fileChunks.ts';
import { insertMany } from '../../src/core/transfer/insertMany.ts';

interface QueryToFile {
  readonly endpoint: EngineEndpoint;
  readonly sql: string;
  readonly format: string;
  readonly path: string;
}

/** What a measured process does; told on its command line as JSON. */
export type Job =
  | ({ readonly kind: 'rawStream' | 'peerExec' | 'peerSave' } & QueryToFile)
  | ({
      readonly kind: 'saveTo';
      readonly checksum?: boolean;
      readonly countRows?: boolean;
      /** The process has saved before, as an editor has. */
      readonly warm?: boolean;
    } & QueryToFile)
  | ({ readonly kind: 'loadResult' } & Omit<QueryToFile, 'format'>)
  | {
      readonly kind: 'rawInsert' | 'rawInsertReadable' | 'insertFile';
      readonly endpoint: EngineEndpoint;
      readonly table: string;
      readonly path: string;
    }
  | {
      readonly kind: 'insertMany';
      readonly endpoint: EngineEndpoint;
      readonly table: string;
      readonly path: string;
      readonly compression?: UploadCompression;
    }
  | {
      readonly kind: 'small' | 'peerSmall';
      readonly endpoint: EngineEndpoint;
      readonly count: number;
    };

const WRITE_BYTES = 1024 * 1024;

/** @returns what else was measured, by name */
export async function perform(job: Job): Promise<Record<string, number> | undefined> {
  if (job.kind === 'loadResult') return spool(job);
  if (job.kind === 'insertMany') return insertFiles(job);
  await performPlain(job);
  return undefined;
}

/** What is not measured: an editor has run other statements before, so that its code is compiled. */
export async function prepare(job: Job): Promise<void> {
  if (job.kind !== 'loadResult' && !(job.kind === 'saveTo' && job.warm === true)) return;
  const sql = 'SELECT number, toString(number) FROM numbers(1000000)';
  const first = { ...job, sql, path: `${job.path}.first` };
  await perform(first);
  await rm(first.path);
}

async function performPlain(
  job: Exclude<Job, { kind: 'loadResult' | 'insertMany' }>,
): Promise<void> {
  switch (job.kind) {
    case 'saveTo':
      await withClient(job, (client) =>
        client.saveTo(job.sql, job.path, {
          format: job.format,
          overwrite: true,
          checksum: job.checksum ?? true,
          countRows: job.countRows ?? true,
        }),
      );
      return;
    case 'rawStream':
      await rawStream(job);
      return;
    case 'peerExec':
      await peerExec(job);
      return;
    case 'peerSave':
      await peerSave(job);
      return;
    case 'rawInsert': {
      const source = new FileChunks(job.path, (await stat(job.path)).size);
      await withClient(job, (client) =>
        client.rawInsert({ table: job.table, format: 'CSV', source }),
      );
      return;
    }
    case 'rawInsertReadable': {
      const source = createReadStream(job.path, { highWaterMark: WRITE_BYTES });
      await withClient(job, (client) =>
        client.rawInsert({ table: job.table, format: 'CSV', source }),
      );
      return;
    }
    case 'insertFile':
      await withClient(job, (client) =>
        client.insertFile({ table: job.table, format: 'CSV', path: job.path }),
      );
      return;
    case 'small':
      await withClient(job, async (client) => {
        for (let i = 0; i < job.count; i += 1) await client.rawQuery('SELECT 1');
      });
      return;
    case 'peerSmall': {
      const peer = peerOf(job.endpoint);
      for (let i = 0; i < job.count; i += 1) {
        await (await peer.query({ query: 'SELECT 1', format: 'TabSeparated' })).text();
      }
      await peer.close();
    }
  }
}

async function withClient(
  { endpoint }: { readonly endpoint: EngineEndpoint },
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = createClient(endpoint);
  await work(client);
  await client.close();
}

/** As the extension inserts files. */
async function insertFiles({
  endpoint,
  table,
  path,
  compression,
}: Extract<Job, { kind: 'insertMany' }>): Promise<Record<string, number>> {
  const client = createClient(endpoint);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [report] = await insertMany(client, {
    table,
    files: [{ path, bytes: 0 }],
    onError: 'stop',
    compression,
  });
  delay.disable();
  await client.close();
  if (report?.state !== 'inserted') throw report?.error;
  return { delayMaxMs: delay.max / 1e6 };
}

/** As the grid takes a result. */
async function spool({
  endpoint,
  sql,
  path,
}: Omit<QueryToFile, 'format'>): Promise<Record<string, number>> {
  const client = createClient(endpoint);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let firstByte = 0;
  let firstRows = 0;
  delay.enable();
  const result = await loadResult({
    source: client,
    sql,
    spoolPath: path,
    gridSettings: new GridSettings(client),
    onMeta: () => {
      firstByte = performance.now();
    },
    onGrow: (rows) => {
      if (rows > 0 && firstRows === 0) firstRows = performance.now();
    },
  });
  delay.disable();
  const { bytes } = result.spool;
  await result.spool.close();
  await client.close();
  return {
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    firstRowsMs: firstRows - firstByte,
    bytes,
  };
}

/** As a user of the library writes it. */
async function rawStream({ endpoint, sql, format, path }: QueryToFile): Promise<void> {
  const client = createClient(endpoint);
  const file = await open(path, 'w');
  const stream = await client.rawStream(sql, { format, reuseMemory: true });
  for await (const chunk of stream) await file.write(chunk);
  await file.close();
  await client.close();
}

function peerOf({ url, username, password, headers }: EngineEndpoint) {
  return createPeer({ url, username, password, http_headers: headers });
}

async function peerExec({ endpoint, sql, format, path }: QueryToFile): Promise<void> {
  const peer = peerOf(endpoint);
  const { stream } = await peer.exec({ query: `${sql} FORMAT ${format}` });
  await pipeline(stream, createWriteStream(path, { highWaterMark: WRITE_BYTES }));
  await peer.close();
}

/** With what a save promises beside the bytes, as a user of the library would write it: its SHA-256, and on the disk. */
async function peerSave({ endpoint, sql, format, path }: QueryToFile): Promise<void> {
  const peer = peerOf(endpoint);
  const { stream } = await peer.exec({ query: `${sql} FORMAT ${format}` });
  const hash = createHash('sha256');
  await pipeline(
    stream,
    async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path, { highWaterMark: WRITE_BYTES, flush: true }),
  );
  hash.digest('hex');
  await peer.close();
}
