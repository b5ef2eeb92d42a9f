/** Text of a cell as it is drawn in one line: control characters visible, cut to the column's width. */

const UNSEEN =
  /[\u0000-\u001f\u007f\u0080-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f]/g;

/** Characters that would not show, break the line or reorder its text, each as one visible symbol. */
export function showUnseen(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.charCodeAt(0);
    if (char === '\n') return '↵';
    if (char === '\t') return '→';
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '␡' : '�';
  });
}

/** Blocks whose characters take two cells of a monospaced font: Hangul, CJK, Kana, full-width forms. */
function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      code >= 0x1f300)
  );
}

/** Width of a text in character units of a monospaced font, counted no further than `limit`. */
export function textUnits(text: string, limit = Infinity): number {
  let units = 0;
  for (const char of text) {
    units += isWide(char.codePointAt(0) ?? 0) ? 2 : 1;
    if (units >= limit) return limit;
  }
  return units;
}

/**
 * The text that fits `units` character units, with an ellipsis when it was cut. Looks at no more of the
 * text than it shows: a cell may hold 10 MB.
 */
export function fitText(text: string, units: number): string {
  // Every character takes at least one unit, a surrogate pair two code units for two units.
  const head = text.length > units * 2 + 2 ? text.slice(0, units * 2 + 2) : text;
  let used = 0;
  let length = 0;
  let cutAt = 0;
  for (const char of head) {
    used += isWide(char.codePointAt(0) ?? 0) ? 2 : 1;
    if (used > units) return `${showUnseen(head.slice(0, cutAt))}…`;
    length += char.length;
    if (used < units) cutAt = length;
  }
  return showUnseen(head);
}
