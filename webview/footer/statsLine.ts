import type { CopyBlock } from '../../src/shared/gridCommand.ts';
import { formatCount } from '../../src/shared/humanNumbers.ts';
import { cellsOf } from '../grid/blocks.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import { addUp, MOST_CELLS, statsText, type StatsSource } from './selectionStats.ts';

/** ms that a selection must rest before it is added up. */
const REST_MS = 120;

/** Keeps the text about the selection up to date; the latest selection wins. */
export class StatsLine {
  readonly #source: StatsSource;
  readonly #show: (text: string, title: string) => void;
  #running = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: StatsSource, show: (text: string, title: string) => void) {
    this.#source = source;
    this.#show = show;
  }

  show(blocks: readonly CopyBlock[], infos: readonly ColumnInfo[]): void {
    this.dispose();
    const cells = cellsOf(blocks);
    if (cells > MOST_CELLS) {
      this.#show(
        statsText(cells, undefined),
        `More than ${formatCount(MOST_CELLS)} cells are not added up here`,
      );
      return;
    }
    this.#show(statsText(cells, undefined), '');
    if (cells <= 1) return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#timer = setTimeout(() => {
      void this.#addUp(blocks, infos, cells, signal);
    }, REST_MS);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#running.abort();
  }

  async #addUp(
    blocks: readonly CopyBlock[],
    infos: readonly ColumnInfo[],
    cells: number,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const text = statsText(cells, await addUp(blocks, infos, this.#source, signal));
      if (!signal.aborted) this.#show(text, text);
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.#show(statsText(cells, undefined), `The cells could not be read: ${problem}`);
    }
  }
}
