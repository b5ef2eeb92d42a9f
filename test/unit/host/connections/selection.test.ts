import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type * as vscode from 'vscode';
import { type Choice, Selection } from '../../../../src/host/connections/selection.ts';

class Memento implements vscode.Memento {
  readonly #values = new Map<string, unknown>();
  keys(): readonly string[] {
    return [...this.#values.keys()];
  }
  get<T>(key: string, fallback?: T): T | undefined {
    return (this.#values.get(key) as T | undefined) ?? fallback;
  }
  update(key: string, value: unknown): Promise<void> {
    this.#values.set(key, structuredClone(value));
    return Promise.resolve();
  }
}

const UNSAVED = { toString: () => 'untitled:Untitled-1' };
const SAVED = { toString: () => 'file:///a.sql' };

const own = (id: string): Choice => ({ id, ofWorkspace: false });
const ofWorkspace = (id: string): Choice => ({ id, ofWorkspace: true });

describe('the connection that was chosen for a document', () => {
  it('is still that of an unsaved document after the window was reloaded', async () => {
    const memento = new Memento() as unknown as vscode.Memento;
    const before = new Selection(memento, () => false);
    await before.choose(own('production'), UNSAVED);
    await before.choose(ofWorkspace('test'), SAVED);
    const after = new Selection(memento, (text) => text === UNSAVED.toString());
    assert.deepEqual(
      [after.of(UNSAVED), after.of(SAVED), after.last],
      [own('production'), ofWorkspace('test'), ofWorkspace('test')],
    );
  });

  it('holds at once, however long it takes to write it down', () => {
    const slow = { get: (_key: string, none: unknown) => none, update: () => new Promise(() => 0) };
    const selection = new Selection(slow as unknown as vscode.Memento, () => false);
    void selection.choose(own('production'), SAVED);
    void selection.choose(own('test'), SAVED);
    assert.deepEqual(selection.of(SAVED), own('test'));
  });

  it('tells once when it cannot be written down, also while the rest is still being written', async () => {
    const failing = {
      get: (_key: string, none: unknown) => none,
      update: (key: string) =>
        key === 'rowhouse.connection' ? Promise.reject(new Error('disk full')) : setImmediate(),
    };
    const selection = new Selection(failing as unknown as vscode.Memento, () => false);
    await assert.rejects(selection.choose(own('production'), SAVED), /disk full/);
  });

  it('follows a new name only of the connection that was chosen', async () => {
    const memento = new Memento() as unknown as vscode.Memento;
    const selection = new Selection(memento, () => false);
    await selection.choose(own('main'), UNSAVED);
    await selection.choose(ofWorkspace('main'), SAVED);
    await selection.rename(own('mine'), 'main');
    assert.deepEqual(
      [selection.of(UNSAVED), selection.of(SAVED), selection.last],
      [own('mine'), ofWorkspace('main'), ofWorkspace('main')],
    );
  });

  it('is not inherited by a new unsaved document of the same name', async () => {
    const memento = new Memento() as unknown as vscode.Memento;
    const before = new Selection(memento, () => false);
    await before.choose(own('production'), UNSAVED);
    const after = new Selection(memento, () => false);
    assert.equal(after.of(UNSAVED), undefined);
    await before.forget(UNSAVED);
    assert.equal(new Selection(memento, () => true).of(UNSAVED), undefined);
  });
});
