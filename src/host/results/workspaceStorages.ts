import path from 'node:path';

const MOST = 10;

/**
 * All storage folders of an extension that belong to the same workspace. VS Code locks one for each extension host:
 * a window that is loaded again while the one before still ends gets `<workspace>-1/<extension>`, or up to `-9`.
 * What is kept for the next window would be lost now and then if it were looked for in one of them only.
 * @param storage one of them: `<workspace>/<extension>`
 */
export function workspaceStorages(storage: string): string[] {
  const workspace = path.dirname(storage).replace(/-[1-9]$/, '');
  const extension = path.basename(storage);
  return Array.from({ length: MOST }, (_, i) =>
    path.join(i === 0 ? workspace : `${workspace}-${i}`, extension),
  );
}
