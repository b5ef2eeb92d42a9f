/** Limits that the host keeps to and the page has to know; one place for both. */

/**
 * A cell of more bytes than this comes cut in a window, so that a column of large cells does not clog the way to the
 * page. The page asks for the whole of it where it needs that.
 */
export const CELL_BYTES = 16 * 1024;

/** A page asks for rows in blocks of this size, the first of which begins with the first row and column. */
export const WINDOW_ROWS = 256;
export const WINDOW_COLUMNS = 16;

/** Of a cell that came cut, this many characters of its text are exact. */
export const CUT_TEXT = 1_000;

/** Cells that go through the clipboard at most; more is a file's business. */
export const COPY_CELLS = 5_000_000;

/** Characters that go through the clipboard at most, for the same reason: a few cells may be large. */
export const COPY_CHARS = 128 * 1024 * 1024;
