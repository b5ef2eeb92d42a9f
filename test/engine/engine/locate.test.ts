import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEngine } from '../../../src/core/engine/engine.ts';
import { isEngineError } from '../../../src/core/engine/errors.ts';
import { isUsableVersion, locateEngine } from '../../../src/core/engine/locate.ts';
import { childScript, repositoryRoot, testProgram } from '../fixture.ts';
import { ask } from './http.ts';

describe('locating the engine', () => {
  let root: string;
  const nowhere = (): { searchPath: string; bundledRoot: string; installedRoot: string } => ({
    searchPath: '',
    bundledRoot: root,
    installedRoot: root,
  });

  /** A `clickhouse` that prints a version and otherwise runs the library: what a real binary does. */
  function fakeBinary(folder: string, version: string): string {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'clickhouse');
    writeFileSync(
      file,
      `#!/bin/sh\necho "ClickHouse local version ${version} (official build)."\n`,
    );
    chmodSync(file, 0o755);
    return file;
  }

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'rowhouse-test-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('compares versions as numbers', () => {
    assert.equal(isUsableVersion('ClickHouse local version 26.6.1.1.'), true);
    assert.equal(isUsableVersion('ClickHouse local version 27.1.1.1.'), true);
    assert.equal(isUsableVersion('ClickHouse local version 26.10.1.1.'), true);
    assert.equal(isUsableVersion('ClickHouse local version 26.5.9.9.'), false);
    assert.equal(isUsableVersion('ClickHouse local version 9.9.9.9.'), false);
    assert.equal(isUsableVersion('something else'), false);
  });

  it('finds nothing where there is nothing', async () => {
    assert.equal(await locateEngine({ settingPath: '', ...nowhere() }), undefined);
  });

  it('prefers the setting, then PATH, then chdb beside the extension', async () => {
    const onPath = fakeBinary(path.join(root, 'bin'), '26.7.1.1');
    const named = fakeBinary(path.join(root, 'named'), '26.8.1.1');
    const all = {
      searchPath: path.dirname(onPath),
      bundledRoot: repositoryRoot,
      installedRoot: root,
    };

    const bySetting = await locateEngine({ settingPath: named, ...all });
    assert.deepEqual(bySetting, { program: { kind: 'binary', path: named }, origin: 'setting' });
    const byPath = await locateEngine({ settingPath: '', ...all });
    assert.deepEqual(byPath, { program: { kind: 'binary', path: onPath }, origin: 'path' });
    const bundled = await locateEngine({ settingPath: '', ...all, searchPath: '' });
    assert.equal(bundled?.origin, 'bundled');
    const installed = await locateEngine({
      settingPath: '',
      ...nowhere(),
      installedRoot: repositoryRoot,
    });
    assert.equal(installed?.origin, 'installed');
  });

  it('passes over a binary on PATH that is too old, and relative PATH entries', async () => {
    fakeBinary(path.join(root, 'bin'), '25.8.1.1');
    const relative = path.relative(
      process.cwd(),
      path.dirname(fakeBinary(path.join(root, 'r'), '26.7.1.1')),
    );
    const searchPath = [path.join(root, 'bin'), relative, ''].join(path.delimiter);
    assert.equal(await locateEngine({ settingPath: '', ...nowhere(), searchPath }), undefined);
  });

  it('says what is wrong with the setting instead of falling back', async () => {
    const old = fakeBinary(path.join(root, 'old'), '25.8.1.1');
    for (const settingPath of [path.join(root, 'missing'), old]) {
      await assert.rejects(
        locateEngine({
          settingPath,
          searchPath: '',
          bundledRoot: repositoryRoot,
          installedRoot: root,
        }),
        (error: unknown) => isEngineError(error) && error.message.includes(settingPath),
      );
    }
  });

  it('runs a clickhouse binary with the same arguments as the library', async () => {
    const program = await testProgram();
    assert.ok(program.kind === 'library');
    const file = path.join(root, 'clickhouse');
    const script = `
      const ffi = require(${JSON.stringify(program.ffi)});
      const argv = ['clickhouse', ...process.argv.slice(3)];
      ffi.open({ library: 'chdb', path: ${JSON.stringify(program.path)} });
      ffi.load({ library: 'chdb', funcName: 'chdb_query_cmdline', retType: ffi.DataType.External,
        paramsType: [ffi.DataType.I32, ffi.DataType.StringArray], paramsValue: [argv.length, argv] });`;
    writeFileSync(`${file}.cjs`, script);
    writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${file}.cjs' "$@"\n`);
    chmodSync(file, 0o755);
    const engine = await startEngine({ program: { kind: 'binary', path: file }, childScript });
    try {
      assert.equal((await ask(engine.endpoint, 'SELECT 1')).text, '1\n');
    } finally {
      await engine.stop();
    }
  });
});
