import type { ResultSnapshot } from '../src/shared/protocol.ts';
import type { RowBeside } from '../src/shared/rowBeside.ts';
import { formatCount } from '../src/shared/humanNumbers.ts';
import { element } from './dom.ts';

const TITLES: Record<RowBeside['kind'], string> = {
  totals: 'Totals',
  minimum: 'Minimum',
  maximum: 'Maximum',
};
/** Further columns would make the page slow, and nobody looks for them here. */
const MOST_COLUMNS = 200;
/** Characters of a value; the whole of it is in the tooltip. */
const MOST_TEXT = 200;

/** The lines below the rows: the totals of a statement WITH TOTALS, and its extremes. */
export class RowsBeside {
  readonly element = element('div', { class: 'rows-beside' });
  #key = '';

  show(result: Pick<ResultSnapshot, 'id' | 'columns' | 'beside'> | undefined): void {
    const rows = result?.beside ?? [];
    // Made anew for each snapshot they would lose the selected text.
    const key = rows.length === 0 ? '' : `${result?.id ?? ''} ${JSON.stringify(rows)}`;
    if (key === this.#key) return;
    this.#key = key;
    this.element.hidden = rows.length === 0;
    this.element.replaceChildren(...rows.map((row) => line(row, result?.columns ?? [])));
  }
}

function line({ kind, texts }: RowBeside, columns: ResultSnapshot['columns']): HTMLElement {
  const title = TITLES[kind];
  const pairs = texts.slice(0, MOST_COLUMNS).map((text, i) => pair(columns[i]?.name ?? '', text));
  const more = texts.length - pairs.length;
  return element(
    'div',
    { class: 'row-beside', role: 'group', 'aria-label': title, tabindex: '0' },
    element('span', { class: 'row-beside-title' }, title),
    ...pairs,
    ...(more > 0 ? [`and ${formatCount(more)} more columns`] : []),
  );
}

function pair(name: string, text: string | null): HTMLElement {
  const value = text ?? 'NULL';
  const shown = value.length > MOST_TEXT ? `${value.slice(0, MOST_TEXT)}…` : value;
  return element(
    'span',
    { class: 'pair', title: `${name}: ${value}` },
    element('span', { class: 'pair-name' }, name),
    ' ',
    element('span', { class: text === null ? 'pair-value null' : 'pair-value' }, shown),
  );
}
