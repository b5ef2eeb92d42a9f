/**
 * Calls `copy` when the user copies, and neither text is selected nor a field has the focus. The workbench turns Ctrl+C into a copy command of the
 * page, which is enabled only by `beforecopy`.
 */
export function onCopyCells(copy: () => void): void {
  const isOwn = (): boolean =>
    (getSelection()?.isCollapsed ?? true) &&
    !(document.activeElement instanceof HTMLInputElement) &&
    !(document.activeElement instanceof HTMLTextAreaElement);
  document.addEventListener('beforecopy', (event) => {
    if (isOwn()) event.preventDefault();
  });
  document.addEventListener('copy', (event) => {
    if (!isOwn()) return;
    event.preventDefault();
    copy();
  });
}
