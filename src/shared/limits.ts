/** Limits that the host keeps to and the page has to know; one place for both. */

/**
 * A cell of more bytes than this comes cut in a window, so that a column of large cells does not clog the way to the
 * page. The page asks for the whole of it where it needs that.
 */
export const CELL_BYTES = 16 * 1024;

/** Of a cell that came cut, this many characters of its text are exact. */
export const CUT_TEXT = 1_000;
