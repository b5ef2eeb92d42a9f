/** Small blocks, so that small files have many. */
export const SMALL_BLOCKS = {
  max_insert_block_size: 1_000,
  min_insert_block_size_rows: 1_000,
  min_insert_block_size_bytes: 0,
  input_format_parallel_parsing: 0,
};
export const ROWS = 20_000;
export const GOOD =
  'a,b\n' + Array.from({ length: ROWS }, (_, row) => `${String(row)},x\n`).join('');
