import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineEndpoint } from '../../../src/core/engine/probe.ts';
import { repositoryRoot, useEngine } from '../fixture.ts';
import { useFolder } from './support.ts';

const run = promisify(execFile);
const DOCUMENT = join(repositoryRoot, 'docs/client.md');
/** Code to run, and the output that the document shows right below it. */
const EXAMPLE = /^```ts run\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?/gms;
const HEADING = /^## (.+)$/gm;
const text = await readFile(DOCUMENT, 'utf8');

/** The example as a program for this engine; everything but names and addresses stays as printed. */
function program(code: string, endpoint: EngineEndpoint): string {
  const server = "url: 'http://localhost:8123', username: 'default'";
  const entry = new URL('../../../src/core/client/index.ts', import.meta.url).href;
  return code
    .replaceAll(server, `...${JSON.stringify(endpoint)}`)
    .replaceAll("'rowhouse/client'", `'${entry}'`);
}

function sectionAt(offset: number): string {
  const before = [...text.matchAll(HEADING)].filter((heading) => heading.index < offset);
  return before.at(-1)?.[1] ?? '';
}

describe('docs/client.md', () => {
  const engine = useEngine();
  const folder = useFolder();
  const examples = [...text.matchAll(EXAMPLE)];

  for (const [number, example] of examples.entries()) {
    const [, code = '', output = ''] = example;
    it(`prints what it says: example ${number + 1}, ${sectionAt(example.index)}`, async () => {
      const file = join(folder(), `example-${number}.mts`);
      await writeFile(file, program(code, engine()));
      // A program ends by itself once its clients are closed: nothing of theirs may keep it alive.
      const { stdout } = await run(process.execPath, [file], { cwd: folder(), timeout: 4_500 });
      assert.equal(stdout.trimEnd(), output.trimEnd());
    });
  }

  it('has an example for each part of the Python page', () => {
    const sections = new Set(examples.map((example) => sectionAt(example.index)));
    for (const section of [
      'rawQuery',
      'rawStream',
      'rawInsert',
      'Files',
      'Many calls at once',
      'Sessions',
      'The connection pool',
      'External data',
      'Parameters',
    ]) {
      assert.ok(sections.has(section), section);
    }
  });

  it('names every option and every kind of error', async () => {
    const source = (name: string): Promise<string> =>
      readFile(join(repositoryRoot, 'src/core/client', name), 'utf8');
    const surfaces = ['surface.ts', 'connectionSurface.ts', 'cancelSurface.ts'];
    const surface = (await Promise.all(surfaces.map(source))).join('\n');
    const errors = await source('errors.ts');
    const options = [...surface.matchAll(/^(?:export )?interface \w*Options\b.*?^}/gms)].flatMap(
      ([block]) => [...block.matchAll(/^ {2}(\w+)\??:/gm)].map(([, name]) => name),
    );
    const kinds = [...errors.matchAll(/^ {2}\| '(\w+)'/gm)].map(([, kind]) => kind);
    assert.ok(options.length > 40 && kinds.length > 10);
    const unnamed = [...options, ...kinds].filter(
      (name = '') => !new RegExp(`\`[^\`]*\\b${name}\\b[^\`]*\``).test(text),
    );
    assert.deepEqual(unnamed, []);
  });
});
