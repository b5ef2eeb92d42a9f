import type { HistogramPart } from '../../src/shared/columnStatistics.ts';
import { countOf, formatCount } from '../../src/shared/humanNumbers.ts';
import { element } from '../dom.ts';

const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 60;
/** Width of a bar and the gap behind it, in units of the picture. */
const BAR = 10;
const GAP = 1;

function svg(tag: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

const rangeText = ({ from, to }: HistogramPart): string => (from === to ? from : `${from} – ${to}`);

/** How the values are spread: as a picture, and as a table for those who do not see it. */
export function histogram(parts: readonly HistogramPart[]): HTMLElement {
  const most = Math.max(...parts.map(({ rows }) => rows));
  const width = parts.length * (BAR + GAP) - GAP;
  const picture = svg('svg', {
    class: 'histogram',
    viewBox: `0 0 ${width} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  parts.forEach((part, i) => {
    if (part.rows === 0) return;
    // A part with few rows is not one without.
    const height = Math.max(1, (part.rows / most) * HEIGHT);
    const bar = svg('rect', { x: i * (BAR + GAP), y: HEIGHT - height, width: BAR, height });
    const title = svg('title', {});
    title.textContent = `${rangeText(part)}: ${countOf(part.rows, 'row')}`;
    bar.append(title);
    picture.append(bar);
  });
  const filled = parts.filter(({ rows }) => rows > 0);
  const ends = element(
    'div',
    { class: 'histogram-ends', 'aria-hidden': 'true' },
    element('span', {}, filled[0]?.from ?? ''),
    element('span', {}, filled.at(-1)?.to ?? ''),
  );
  const rows = filled.map((part) =>
    element(
      'tr',
      {},
      element('td', {}, rangeText(part)),
      element('td', { class: 'count' }, formatCount(part.rows)),
    ),
  );
  const head = element(
    'tr',
    {},
    element('th', {}, 'Values'),
    element('th', { class: 'count' }, 'Rows'),
  );
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
  const details = element('details', {}, element('summary', {}, 'As a table'), table);
  const place = element('div', {}, ends, details);
  place.prepend(picture);
  return place;
}
