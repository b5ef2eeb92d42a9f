/** One column of a result, as the server describes it. */
export interface ResultColumn {
  /** The name exactly as the server sent it. */
  name: string;
  /** The ClickHouse type name exactly as the server spells it, for example `Nullable(DateTime64(3, 'UTC'))`. */
  type: string;
  /**
   * How the values travel in the spool: `arrow` means typed Arrow buffers to be read by the pair
   * (ClickHouse type, Arrow type); `text` means an Arrow Utf8 column that holds the server's own text.
   */
  encoding: 'arrow' | 'text';
}
