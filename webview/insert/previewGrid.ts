import { zoneOffsets } from '../../src/core/types/format/tableZones.ts';
import { countOf } from '../../src/shared/humanNumbers.ts';
import type { InsertSnapshot, ShownRows } from '../../src/shared/insert/insertProtocol.ts';
import { CellCopy } from '../cellCopy.ts';
import { element, icon } from '../dom.ts';
import { blocksOf } from '../grid/blocks.ts';
import { GridView } from '../grid/gridView.ts';
import { RowSource } from '../grid/rowSource.ts';
import { selectedRanges } from '../grid/selectionModel.ts';
import type { LiveRegion } from '../liveRegion.ts';
import type { Notice } from '../notice.ts';
import type { Requests } from '../requests.ts';

export interface PreviewPorts {
  mac: boolean;
  requests: Requests;
  live: LiveRegion;
  notice: Notice;
}

interface Shown {
  id: string;
  grid: GridView;
  source: RowSource;
  copy: CellCopy;
}

/** The first rows as they will be read, in the grid of the results. */
export class PreviewGrid {
  readonly element = element('section', { class: 'preview' });
  readonly #ports: PreviewPorts;
  readonly #heading = element('h2', {});
  readonly #problem = element('p', { class: 'problem' });
  readonly #area = element('div', { class: 'grid-area' });
  #shown: Shown | undefined;

  constructor(ports: PreviewPorts) {
    this.#ports = ports;
    this.element.append(this.#heading, this.#problem, this.#area);
  }

  show({ rows, problem, looking, lookedAt }: InsertSnapshot): void {
    this.#heading.textContent = rows
      ? headingOf(rows.rows, lookedAt)
      : looking
        ? 'Reading the first rows…'
        : 'No rows to show';
    this.element.classList.toggle('stale', looking && rows !== undefined);
    this.#problem.hidden = problem === undefined;
    if (problem !== undefined) this.#tellProblem(problem);
    if (rows?.id === this.#shown?.id) return;
    this.#shown?.grid.dispose();
    this.#shown?.source.dispose();
    this.#shown?.copy.dispose();
    this.#shown = rows && this.#newGrid(rows);
  }

  /** The selected cells, to the clipboard. */
  copy(header: boolean): void {
    if (!this.#shown) return;
    const { copy, grid } = this.#shown;
    const { selection, size, shownColumns } = grid;
    void copy.copy(blocksOf(selectedRanges(selection, size), shownColumns), 'tsv', header);
  }

  #newGrid({ id, columns, rows, timeZone, zones }: ShownRows): Shown {
    const context = { timeZone, zones: zoneOffsets(zones) };
    const source = new RowSource({
      resultId: id,
      columns,
      context,
      requests: this.#ports.requests,
      onArrived: () => {
        grid.dataArrived();
      },
      onFailed: (failure) => {
        this.#problem.hidden = false;
        this.#tellProblem(failure);
      },
    });
    const grid: GridView = new GridView({
      source,
      mac: this.#ports.mac,
      onView: (view) => {
        source.show(view, rows);
      },
      onSelect: () => undefined,
      onCopy: (header) => {
        this.copy(header);
      },
      onInspect: () => undefined,
      onSort: () => undefined,
      onFind: () => undefined,
      onFindNext: () => undefined,
      onGoToRow: () => undefined,
      onEscape: () => undefined,
      onScrolled: () => undefined,
      onColumns: () => undefined,
    });
    grid.element.setAttribute('aria-label', 'First rows as they will be read');
    this.#area.append(grid.element);
    grid.setColumns(columns, context, undefined, undefined);
    grid.setRows(rows);
    const copy = new CellCopy({
      ...this.#ports,
      resultId: id,
      rowsId: () => ({}),
      onSave: () => undefined,
    });
    return { id, grid, source, copy };
  }

  #tellProblem(text: string): void {
    this.#problem.replaceChildren(icon('warning'), element('span', {}, text));
  }
}

function headingOf(rows: number, lookedAt: number | undefined): string {
  const first = rows === 1 ? 'The first row' : `The first ${countOf(rows, 'row')}`;
  const all = rows === lookedAt ? (rows === 1 ? 'The row' : `All ${countOf(rows, 'row')}`) : first;
  return `${all} as read for the table`;
}
