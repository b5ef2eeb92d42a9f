import { fileURLToPath } from 'node:url';
import { type Engine, startEngine } from '../../src/core/engine/engine.ts';
import { type FoundEngine, locateEngine } from '../../src/core/engine/locate.ts';
import type { EngineEndpoint } from '../../src/core/engine/probe.ts';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
export const childScript = fileURLToPath(
  new URL('../../src/core/engine/child.ts', import.meta.url),
);

/** The engine that the tests run against: the one of the checkout. */
export async function testProgram(): Promise<FoundEngine['program']> {
  const found = await locateEngine({
    settingPath: '',
    searchPath: '',
    bundledRoot: repositoryRoot,
    installedRoot: repositoryRoot,
  });
  if (!found) throw new Error('The checkout has no local ClickHouse: run "npm run setup".');
  return found.program;
}

/** An engine of its own for the enclosing `describe`; the function it returns gives the endpoint inside tests. */
export function useEngine(): () => EngineEndpoint {
  let engine: Engine | undefined;
  before(async () => {
    engine = await startEngine({ program: await testProgram(), childScript });
  });
  after(async () => {
    await engine?.stop();
  });
  return () => {
    if (!engine) throw new Error('useEngine() gives its endpoint inside tests only.');
    return engine.endpoint;
  };
}
