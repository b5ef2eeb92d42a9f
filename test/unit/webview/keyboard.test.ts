import assert from 'node:assert/strict';
import { keyAction, type GridAction, type Key } from '../../../webview/grid/keyboard.ts';

function press(spelled: string, mac = false): GridAction | undefined {
  const parts = spelled.split('+');
  const key: Key = {
    key: parts.at(-1)?.replace('Space', ' ') ?? '',
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Cmd'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
  };
  return keyAction(key, mac);
}

describe('grid keys', () => {
  const expected: [string, GridAction | undefined][] = [
    ['ArrowDown', { type: 'move', rows: 1, columns: 0, extend: false }],
    ['Shift+ArrowLeft', { type: 'move', rows: 0, columns: -1, extend: true }],
    ['PageDown', { type: 'page', direction: 1, extend: false }],
    ['Shift+PageUp', { type: 'page', direction: -1, extend: true }],
    ['Home', { type: 'edge', column: 'first', extend: false }],
    ['End', { type: 'edge', column: 'last', extend: false }],
    ['Ctrl+Home', { type: 'edge', column: 'first', row: 'first', extend: false }],
    ['Ctrl+Shift+End', { type: 'edge', column: 'last', row: 'last', extend: true }],
    ['Ctrl+ArrowDown', { type: 'edge', row: 'last', extend: false }],
    ['Ctrl+Shift+ArrowRight', { type: 'edge', column: 'last', extend: true }],
    ['Ctrl+a', { type: 'selectAll' }],
    ['Ctrl+A', { type: 'selectAll' }],
    ['Ctrl+c', { type: 'copy', header: false }],
    ['Ctrl+Shift+c', { type: 'copy', header: true }],
    ['Space', { type: 'inspect' }],
    ['Enter', { type: 'inspect' }],
    ['Escape', { type: 'collapse' }],
    ['Shift+F8', { type: 'addPart' }],
    ['Alt+ArrowLeft', { type: 'moveColumn', by: -1 }],
    ['Alt+ArrowRight', { type: 'moveColumn', by: 1 }],
    ['Shift+Space', { type: 'selectRows' }],
    ['Ctrl+Space', { type: 'selectColumns' }],
    ['Alt+Shift+ArrowRight', { type: 'resize', by: 16 }],
    ['Alt+Shift+ArrowLeft', { type: 'resize', by: -16 }],
  ];
  for (const [key, action] of expected) {
    it(key, () => {
      assert.deepEqual(press(key), action);
    });
  }

  it('sorts by the column, and finds', () => {
    assert.deepEqual(press('Alt+ArrowUp'), { type: 'sort', direction: 'ascending', add: false });
    const adds = { type: 'sort', direction: 'descending', add: true };
    assert.deepEqual(press('Alt+Shift+ArrowDown'), adds);
    assert.deepEqual(press('Ctrl+f'), { type: 'find' });
    assert.deepEqual(press('Shift+F3'), { type: 'findNext', by: -1 });
    assert.deepEqual(press('Ctrl+g'), { type: 'goToRow' });
  });

  it('leaves the keys of the editor and the system alone', () => {
    const foreign = [
      'Tab',
      'Shift+Tab',
      'Shift+Enter',
      'Shift+Escape',
      'F8',
      'F1',
      'a',
      'Ctrl+Enter',
    ];
    for (const key of [
      ...foreign,
      'Ctrl+p',
      'Ctrl+Alt+ArrowUp',
      'Ctrl+Alt+ArrowLeft',
      'Cmd+ArrowDown',
    ]) {
      assert.equal(press(key), undefined, key);
    }
  });

  it('uses Cmd on the Mac', () => {
    assert.deepEqual(press('Cmd+c', true), { type: 'copy', header: false });
    assert.deepEqual(press('Cmd+a', true), { type: 'selectAll' });
    assert.deepEqual(press('Cmd+ArrowUp', true), { type: 'edge', row: 'first', extend: false });
    assert.equal(press('Ctrl+c', true), undefined);
    assert.equal(press('Ctrl+ArrowUp', true), undefined);
  });
});
