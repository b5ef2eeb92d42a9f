import type { Chart } from '../../src/shared/chart.ts';
import { element } from '../dom.ts';

/** The points of a chart as a table with the exact values, for those who cannot see it, and for copying. */
export function dataTable(chart: Chart, title: string): HTMLElement {
  const { series, xTexts, xName } = chart;
  const byPlace = series.map(({ at, texts }) => new Map(at.map((place, i) => [place, texts[i]])));
  const head = element(
    'tr',
    {},
    ...[xName, ...series.map(({ name }) => name)].map((name) =>
      element('th', { scope: 'col' }, name),
    ),
  );
  const rows = xTexts.map((text, place) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, text),
      ...byPlace.map((texts) =>
        texts.has(place)
          ? element('td', {}, texts.get(place) ?? 'NULL')
          : element('td', { class: 'absent' }),
      ),
    ),
  );
  return element(
    'div',
    { class: 'chart-table', tabindex: '0', role: 'region', 'aria-label': 'Data of the chart' },
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden' }, title),
      element('thead', {}, head),
      element('tbody', {}, ...rows),
    ),
  );
}
