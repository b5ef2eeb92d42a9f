import type { ReadContext } from '../src/core/types/format/valueReader.ts';
import type { CopyBlock } from '../src/shared/gridCommand.ts';
import type { ResultSnapshot, WebviewMessage } from '../src/shared/protocol.ts';
import { StatisticsPane } from './columnStatistics/statisticsPane.ts';
import type { ColumnInfo } from './grid/columnInfo.ts';
import type { CellPosition } from './grid/selectionModel.ts';
import { CellPane } from './inspector/cellPane.ts';
import type { WholeCell } from './inspector/readCell.ts';
import type { LiveRegion } from './liveRegion.ts';
import type { PageMemory } from './pageState.ts';
import type { Requests } from './requests.ts';

export interface SidePorts {
  post: (message: WebviewMessage) => void;
  requests: Requests;
  memory: PageMemory;
  live: LiveRegion;
  context: ReadContext;
  /** Which rows of the result are meant. */
  rowsId: () => { view?: string };
  onInspecting: (open: boolean) => void;
  onCopy: (block: CopyBlock) => void;
  /** Show only the rows with this text in the column. */
  onFilter: (column: number, text: string) => void;
  /** Closed while the focus was in it. */
  onLeave: () => void;
}

/** Beside the grid: the whole value of the active cell, or the statistics of a column; one at a time. */
export class SidePanes {
  readonly elements: readonly HTMLElement[];
  readonly #value: CellPane;
  readonly #statistics: StatisticsPane;

  constructor({ id: resultId, columns }: ResultSnapshot, ports: SidePorts) {
    const { post, requests, rowsId } = ports;
    this.#value = new CellPane({ ...ports, resultId, columns, onOpen: ports.onInspecting });
    this.#statistics = new StatisticsPane({
      ...ports,
      ask: (column, signal, onProgress) =>
        requests.statistics({ resultId, column, ...rowsId() }, signal, onProgress),
      onAction: (action) => {
        post({ type: 'action', resultId, action });
      },
    });
    this.elements = [this.#value.element, this.#statistics.element];
  }

  toggleValue(): void {
    this.#statistics.close();
    this.#value.toggle();
  }

  closeValue(): void {
    this.#value.close();
  }

  /** @param column of the result */
  showStatistics(column: number, info: ColumnInfo): void {
    this.#value.close();
    this.#statistics.open(column, info);
  }

  /** The active cell is another one. */
  follow(cell: CellPosition | undefined): void {
    this.#value.follow(cell);
  }

  /** Other rows are shown. */
  again(): void {
    this.#value.again();
    this.#statistics.again();
  }

  /** @throws as requests for windows do */
  valueOf(cell: CellPosition): Promise<WholeCell> {
    return this.#value.valueOf(cell);
  }

  dispose(): void {
    this.#value.dispose();
    this.#statistics.dispose();
  }
}
