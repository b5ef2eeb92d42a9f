import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'mocha';
import * as vscode from 'vscode';

interface Manifest {
  contributes: {
    commands: readonly { command: string }[];
    views: Readonly<Record<string, readonly { id: string }[]>>;
  };
}

describe('activation', () => {
  let extension: vscode.Extension<unknown>;
  let manifest: Manifest;

  before(async () => {
    const found = vscode.extensions.getExtension('rowhouse.rowhouse');
    assert.ok(found);
    extension = found;
    await extension.activate();
    const text = readFileSync(join(extension.extensionPath, 'package.json'), 'utf8');
    manifest = JSON.parse(text) as Manifest;
  });

  it('registers exactly the commands of the manifest', async () => {
    const declared = manifest.contributes.commands.map(({ command }) => command);
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) =>
        command.startsWith('rowhouse.') &&
        // VS Code makes commands of its own for each view: focus, open, remove view…
        !Object.values(manifest.contributes.views)
          .flat()
          .some(({ id }) => command.startsWith(`${id}.`)),
    );
    assert.deepEqual(registered.sort(), declared.sort());
  });

  it('can show each of its views', async () => {
    for (const { id } of Object.values(manifest.contributes.views).flat()) {
      await vscode.commands.executeCommand(`${id}.focus`);
    }
  });
});
