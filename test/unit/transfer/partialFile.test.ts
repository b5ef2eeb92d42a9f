import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isFileError } from '../../../src/core/client/errors.ts';
import { PartialFile } from '../../../src/core/transfer/partialFile.ts';

describe('a file to be saved', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowhouse-partial-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function refused(target: string): Promise<{ message: string; hint: string }> {
    let seen = { message: '', hint: '' };
    await assert.rejects(PartialFile.create(target, 'replace'), (error) => {
      assert.ok(isFileError(error));
      seen = { message: error.message, hint: error.hint ?? '' };
      return true;
    });
    assert.ok(seen.message.includes(target), 'names the file that the user chose');
    assert.doesNotMatch(seen.message, /\.partial/);
    return seen;
  }

  it('says that a special place takes no files', async () => {
    if (process.platform !== 'linux') return;
    const { message, hint } = await refused('/proc/x.csv');
    assert.equal(message, '/proc/x.csv cannot be written: /proc takes no files.');
    assert.equal(hint, 'Choose another place.');
  });

  it('says that the folder is missing, or is none', async () => {
    const missing = await refused(join(folder, 'gone', 'x.csv'));
    assert.match(missing.message, /^Cannot write .*x\.csv: ENOENT: no such file or directory\.$/);
    assert.match(missing.hint, /does not exist/);
    await writeFile(join(folder, 'file'), '');
    assert.match((await refused(join(folder, 'file', 'x.csv'))).hint, /is a file, not a folder/);
    await mkdir(join(folder, 'folder'));
    assert.match((await refused(join(folder, 'folder'))).message, /is a folder/);
    assert.deepEqual((await readdir(folder)).sort(), ['file', 'folder']);
  });

  it('does not replace a file that someone makes between its last look and its new name', async () => {
    const target = join(folder, 'late.csv');
    const partial = await PartialFile.create(target, 'refuse');
    await partial.file.writeFile('ours');
    const close = partial.file.close.bind(partial.file);
    // The last thing before the new name.
    partial.file.close = async () => {
      await close();
      await writeFile(target, 'theirs');
    };
    await assert.rejects(partial.commit(4, false), { code: 'EXISTS' });
    assert.equal(await readFile(target, 'utf8'), 'theirs');
    await partial.discard(false);
    assert.deepEqual(await readdir(folder), ['file', 'folder', 'late.csv']);
  });

  it('does not lose what someone else appends while rows are added to a copy', async () => {
    const target = join(folder, 'log.csv');
    await writeFile(target, 'old\n');
    const partial = await PartialFile.create(target, 'append');
    await partial.file.writeFile('ours\n');
    await appendFile(target, 'theirs\n');
    await assert.rejects(partial.commit(9, true), { code: 'CHANGED' });
    await partial.discard(false);
    assert.equal(await readFile(target, 'utf8'), 'old\ntheirs\n');
  });
});
