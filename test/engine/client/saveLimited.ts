/** Run under `ulimit -f`: a save that cannot be finished; prints the error it got. */
import { createClient, FileError } from '../../../src/core/client/index.ts';
import type { ClientOptions } from '../../../src/core/client/surface.ts';

// Its default action would end the process before the write fails.
process.on('SIGXFSZ', () => undefined);
const { path, ...endpoint } = JSON.parse(process.argv[2] ?? '{}') as ClientOptions & {
  path: string;
};
const client = createClient(endpoint);
try {
  await client.saveTo('SELECT number FROM numbers(5000000)', path, {
    format: 'CSV',
    overwrite: true,
  });
} catch (error) {
  if (!(error instanceof FileError)) throw error;
  const { kind, code, hint } = error;
  process.stdout.write(JSON.stringify({ kind, code, hint: hint !== undefined }));
}
await client.close();
