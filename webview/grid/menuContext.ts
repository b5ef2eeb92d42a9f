/** What VS Code's context menu depends on (`webview/context` in package.json). */
export function menuContext(
  rowhouseResult: string,
  rowhousePinned: boolean,
  rowhouseDerived: boolean,
): string {
  return JSON.stringify({
    webviewSection: 'cells',
    preventDefaultContextMenuItems: true,
    rowhouseResult,
    rowhousePinned,
    rowhouseDerived,
  });
}
