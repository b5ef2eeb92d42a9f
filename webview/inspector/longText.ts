import { formatCount } from '../../src/shared/humanNumbers.ts';
import { button } from '../controls.ts';
import { element } from '../dom.ts';

/** A long text is laid out in pieces, on demand: 10 MB at once would freeze the page. */
export interface LongText {
  /** Characters of one piece. */
  piece: number;
  length: number;
  unit: string;
  slice: (from: number, to: number) => string;
}

export function longText({ piece, length, unit, slice }: LongText): HTMLElement {
  const text = document.createTextNode(slice(0, piece));
  const pre = element('pre', { class: 'value-text', tabindex: '0', 'aria-label': 'Value' }, text);
  const box = element('div', { class: 'value-long' }, pre);
  let shown = Math.min(piece, length);
  const more = (): void => {
    if (shown >= length) return;
    const rest = `Show more: ${formatCount(shown)} of ${formatCount(length)} ${unit} shown`;
    const next = button({
      title: rest,
      onClick: () => {
        text.appendData(slice(shown, shown + piece));
        shown = Math.min(length, shown + piece);
        next.remove();
        more();
      },
    });
    box.append(next);
  };
  more();
  return box;
}
