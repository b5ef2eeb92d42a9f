// `npm run pictures`: makes the README's pictures from the real thing.
import { build } from './build.mjs';
import { onModernNode } from './lib/with-node.mjs';
import { setupAll } from './setup.mjs';

await onModernNode(import.meta.url);
await setupAll();
process.exitCode = await build([]);
if (process.exitCode === 0) await import('./pictures/readme.ts');
