/**
 * Copied text: exact cell texts, tabs between cells, line feeds between rows, as spreadsheets read it.
 * Only a cell of several that contains a tab, a line break or begins with a double quote is put in double
 * quotes (with its own doubled), because it would otherwise fall apart into several cells when pasted.
 * A single cell is copied as it is. NULL is copied as `NULL`, as the grid shows it.
 */
export function tsvCell(text: string): string {
  return /[\t\n\r]|^"/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
