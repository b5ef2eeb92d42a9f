import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { root } from '../../scripts/lib/paths.mjs';
import { useEngine } from '../engine/fixture.ts';
import { openFile } from '../ui/harness/editor.ts';
import { readRows, resultsPage, waitForResult } from '../ui/harness/grid.ts';
import { watch } from '../ui/harness/hooks.ts';
import { Workbench } from '../ui/harness/workbench.ts';
import { filesOf, vsix } from './vsix.ts';

const run = promisify(execFile);

describe('the VSIX', function () {
  this.timeout(180_000);
  const temporary = mkdtempSync(join(tmpdir(), 'rowhouse-vsix-'));
  let workbench: Workbench | undefined;
  let extension = '';
  let file = '';
  watch(() => workbench);

  before(async () => {
    ({ file } = await vsix(temporary));
    workbench = await Workbench.start({
      vsix: [file],
      files: { 'query.sql': 'SELECT number AS n FROM system.numbers LIMIT 3\n' },
      // Where the command "Install Local ClickHouse" puts the engine, which is not in the VSIX.
      prepare: (folder) => {
        const installed = join(folder, 'data/User/globalStorage/rowhouse.rowhouse/engine');
        mkdirSync(installed, { recursive: true });
        writeFileSync(join(installed, 'package.json'), '{}');
        symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'));
      },
    });
    const extensions = join(workbench.server.folder, 'extensions');
    extension = join(
      extensions,
      filesOf(extensions)
        .find((name) => name.startsWith('rowhouse.'))
        ?.split('/')[0] ?? 'missing',
    );
  });
  after(async () => {
    await workbench?.stop();
    rmSync(temporary, { recursive: true, force: true });
  });

  it('holds what ships and nothing else', () => {
    const unexpected = filesOf(extension).filter(
      (name) =>
        !/^(dist|media|syntaxes|l10n)\//.test(name) &&
        !/^(package\.json|readme\.md|changelog\.md|license(\.txt)?|\.vsixmanifest|language-configuration\.json)$/i.test(
          name,
        ),
    );
    assert.deepEqual(unexpected, []);
    const there = filesOf(extension).map((name) => name.toLowerCase());
    for (const name of [
      'dist/extension.cjs',
      'dist/engine/child.cjs',
      'dist/ssh/keeper.cjs',
      'dist/webview/results.js',
    ]) {
      assert.ok(there.includes(name), name);
    }
    assert.deepEqual(
      there.filter((name) => name.endsWith('.map')),
      [],
    );
  });

  it('installs, activates and runs a query', async () => {
    assert.ok(workbench);
    const { page } = workbench;
    await openFile(page, 'query.sql');
    await page.keyboard.press('Control+Enter');
    await waitForResult(page, { statement: 'system.numbers' });
    assert.deepEqual(await readRows(page, 3), [['0'], ['1'], ['2']]);
  });

  it('explains what helps where there is no engine and no server', async () => {
    const bare = await Workbench.start({
      vsix: [file],
      files: { 'query.sql': 'SELECT 1\n' },
      // A clickhouse binary of this machine must not help.
      env: { PATH: '' },
    });
    try {
      const { page } = bare;
      await openFile(page, 'query.sql');
      await page.keyboard.press('Control+Enter');
      await waitForResult(page, { statement: 'SELECT 1', state: 'failed' });
      const shown = resultsPage(page);
      await shown
        .getByText('There is no local ClickHouse on this machine.', { exact: true })
        .waitFor();
      await shown.getByRole('button', { name: 'Install local ClickHouse' }).waitFor();
      await bare.capture('no-engine');
      await shown.getByRole('button', { name: 'Add connection…' }).click();
      await page.locator('.quick-input-widget', { hasText: 'URL' }).waitFor();
      assert.deepEqual(bare.cspErrors, []);
    } finally {
      await bare.stop();
    }
  });

  describe('rowhouse/client in it', () => {
    const endpoint = useEngine();
    const user = join(temporary, 'user');

    before(() => {
      mkdirSync(join(user, 'node_modules'), { recursive: true });
      symlinkSync(extension, join(user, 'node_modules/rowhouse'));
    });

    it('runs on the Node on PATH', async () => {
      const script = `
        import { createClient } from 'rowhouse/client';
        const client = createClient(JSON.parse(process.env.ENDPOINT));
        const result = await client.rawQuery('SELECT {a:UInt64} + 1', { params: { a: 41n }, format: 'TSV' });
        process.stdout.write(result.text());
        await client.close();`;
      const env = { ...process.env, ENDPOINT: JSON.stringify(endpoint()) };
      const file = join(user, 'use.mjs');
      writeFileSync(file, script);
      const { stdout } = await run('node', [file], { cwd: user, env, timeout: 30_000 });
      assert.equal(stdout, '42\n');
    });

    it('has types that stand alone', async () => {
      writeFileSync(
        join(user, 'use.mts'),
        `import { createClient, isClickHouseError, type Client } from 'rowhouse/client';
        const client: Client = createClient({ url: 'http://localhost:8123' });
        export const text: Promise<string> = client.rawQuery('SELECT 1').then((r) => r.text());
        export const code = (e: unknown): number | undefined => isClickHouseError(e) ? e.code : undefined;
        // @ts-expect-error the URL is needed
        createClient({});`,
      );
      const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
      const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      await run(process.execPath, [tsc, ...options, ...types, 'use.mts'], {
        cwd: user,
      }).catch((error: unknown) => {
        throw new Error((error as { stdout: string }).stdout);
      });
    });
  });
});
