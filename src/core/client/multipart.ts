import { randomBytes } from 'node:crypto';
import { sourceChunks } from './byteSource.ts';
import { UsageError } from './errors.ts';
import type { ExternalTable } from './surface.ts';

export interface MultipartBody {
  readonly contentType: string;
  readonly body: Uint8Array | AsyncIterable<Uint8Array>;
}

const TABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A form: fields first, external tables after them, streamed as they are read. */
export function multipartBody(
  fields: readonly (readonly [string, string])[],
  tables: Readonly<Record<string, ExternalTable>>,
): MultipartBody {
  const boundary = `rowhouse-${randomBytes(16).toString('hex')}`;
  const contentType = `multipart/form-data; boundary=${boundary}`;
  const head = Buffer.from(
    fields
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join(''),
    'utf8',
  );
  const end = Buffer.from(`--${boundary}--\r\n`);
  if (Object.keys(tables).length === 0) return { contentType, body: Buffer.concat([head, end]) };
  return { contentType, body: streamed(boundary, head, tables, end) };
}

/** URL parameters that describe the external tables. @throws UsageError for a bad table name. */
export function externalTableParams(
  tables: Readonly<Record<string, ExternalTable>>,
): [string, string][] {
  return Object.entries(tables).flatMap(([name, table]): [string, string][] => {
    if (!TABLE_NAME.test(name)) {
      throw new UsageError(`"${name}" cannot name external data.`, {
        hint: 'Use letters, digits and underscores.',
      });
    }
    return [
      [`${name}_format`, table.format],
      [`${name}_structure`, table.structure],
    ];
  });
}

async function* streamed(
  boundary: string,
  head: Buffer,
  tables: Readonly<Record<string, ExternalTable>>,
  end: Buffer,
): AsyncGenerator<Uint8Array> {
  yield head;
  for (const [name, table] of Object.entries(tables)) {
    yield Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    );
    yield* sourceChunks(table.source);
    yield Buffer.from('\r\n');
  }
  yield end;
}
