// `npm run test:desktop`: the tests of test/host in a desktop VS Code, which @vscode/test-electron
// downloads. The same bundles run without a download in `npm run test:host`.
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './lib/paths.mjs';
import { prepareSamples, samples } from './samples.mjs';

const built = await build([]);
if (built !== 0) process.exit(built);
prepareSamples();
const { runTests } = await import('@vscode/test-electron');
try {
  const code = await runTests({
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, 'out/test/host/suite.cjs'),
    launchArgs: [samples, '--disable-extensions', '--disable-workspace-trust'],
  });
  process.exit(code);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
