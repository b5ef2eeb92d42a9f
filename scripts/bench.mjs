// `npm run bench`: runs test/bench/main.ts on a Node that is new enough, with the same arguments.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { onModernNode } from './lib/with-node.mjs';
import { root } from './lib/paths.mjs';
import { setupDependencies } from './setup.mjs';

await onModernNode(import.meta.url);
await setupDependencies();
await import(pathToFileURL(join(root, 'test/bench/main.ts')).href);
