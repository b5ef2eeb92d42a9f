import type { ColumnSums, SumBlock } from '../../src/shared/cellSums.ts';
import type { CopyBlock } from '../../src/shared/gridCommand.ts';
import { cellsOf } from '../grid/blocks.ts';
import type { ColumnInfo } from '../grid/columnInfo.ts';
import { RequestError } from '../requests.ts';
import {
  addUp,
  MOST_CELLS,
  selectedText,
  statsText,
  sumBlocks,
  type StatsSource,
} from './selectionStats.ts';
import { Tally, type TallyResult } from './tally.ts';

/** What the footer says about the selection. */
export interface ShownStats {
  text: string;
  /** More of it, where the text does not say all. */
  more?: string;
  /** It is being added up. */
  working?: boolean;
  /** What can be done about it. */
  action?: { icon: string; title: string; onClick: () => void };
}

export interface StatsPorts {
  source: StatsSource;
  /** Has the host add up. @param onProgress 0 to 1 @throws RequestError */
  ask: (
    blocks: SumBlock[],
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ) => Promise<ColumnSums[]>;
  show: (stats: ShownStats) => void;
  onAction: (id: string) => void;
}

/** ms that a selection must rest before it is added up: here, and by the host. */
const REST_MS = 120;
const HOST_REST_MS = 300;

/** Keeps the text about the selection up to date; the latest selection wins. */
export class StatsLine {
  readonly #ports: StatsPorts;
  #running = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: (() => void) | undefined;

  constructor(ports: StatsPorts) {
    this.#ports = ports;
  }

  show(blocks: readonly CopyBlock[], infos: readonly ColumnInfo[]): void {
    this.dispose();
    const cells = cellsOf(blocks);
    this.#ports.show({ text: selectedText(cells) });
    if (cells <= 1) return;
    this.#running = new AbortController();
    const { signal } = this.#running;
    const isLarge = cells > MOST_CELLS;
    this.#timer = setTimeout(
      () => {
        if (isLarge) void this.#ask(sumBlocks(blocks, infos), cells);
        else void this.#addUp(blocks, infos, cells, signal);
      },
      isLarge ? HOST_REST_MS : REST_MS,
    );
  }

  /** What the host could not add up while rows came can be added up now. */
  allCame(): void {
    this.#again?.();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#running.abort();
    this.#again = undefined;
  }

  async #addUp(
    blocks: readonly CopyBlock[],
    infos: readonly ColumnInfo[],
    cells: number,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const result = await addUp(blocks, infos, this.#ports.source, signal);
      if (!signal.aborted) this.#showResult(result);
    } catch (error) {
      if (signal.aborted) return;
      this.#showProblem(cells, error);
    }
  }

  async #ask(blocks: SumBlock[], cells: number): Promise<void> {
    this.#again = undefined;
    const running = new AbortController();
    this.#running = running;
    const again = (): void => {
      void this.#ask(blocks, cells);
    };
    const stop = (): void => {
      running.abort();
      const text = `${selectedText(cells)} · not added up`;
      const action = { icon: 'refresh', title: 'Add up', onClick: again };
      this.#ports.show({ text, action });
    };
    const working = (fraction: number): void => {
      const share = fraction > 0 ? ` ${Math.floor(fraction * 100)} %` : '';
      const action = { icon: 'debug-stop', title: 'Stop adding up', onClick: stop };
      this.#ports.show({
        text: `${selectedText(cells)} · adding up…${share}`,
        working: true,
        action,
      });
    };
    working(0);
    try {
      const sums = await this.#ports.ask(blocks, running.signal, working);
      if (running.signal.aborted) return;
      const tally = new Tally();
      for (const sum of sums) tally.addSums(sum);
      this.#showResult(tally.result);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#again = again;
      this.#showProblem(cells, error);
    }
  }

  #showResult(result: TallyResult): void {
    const text = statsText(result);
    this.#ports.show({ text, more: text });
  }

  #showProblem(cells: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const { hint = '', actions = [] } = error instanceof RequestError ? error.problem : {};
    const [first] = actions;
    const action = first && {
      icon: 'cloud-download',
      title: first.title,
      onClick: () => {
        this.#ports.onAction(first.id);
      },
    };
    this.#ports.show({
      text: `${selectedText(cells)} · not added up: ${message}`,
      more: `${message} ${hint}`.trim(),
      ...(action && { action }),
    });
  }
}
