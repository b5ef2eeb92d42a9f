import path from 'node:path';

/** `Sales 2026-01.csv.gz` as people name a table: `sales_2026_01`. */
export function tableNameOf(file: string): string {
  const [stem = ''] = path.basename(file).split('.');
  const name = stem
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return name === '' ? 'data' : name;
}

/** The table that a file is named after, whatever the case. */
export function tableForFile(file: string, tables: readonly string[]): string | undefined {
  const [stem = ''] = path.basename(file).split('.');
  const wanted = [stem.toLowerCase(), tableNameOf(file)];
  return (
    tables.find((table) => table === stem) ??
    tables.find((table) => wanted.includes(table.toLowerCase()))
  );
}
