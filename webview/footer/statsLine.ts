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

export interface StatsAction {
  icon: string;
  title: string;
  onClick: () => void;
}

/** What the footer says about the selection. */
export interface ShownStats {
  text: string;
  /** More of it, where the text does not say all. */
  more?: string;
  /** It is being added up. */
  working?: boolean;
  /** What can be done about it. */
  action?: StatsAction;
}

export interface StatsPorts {
  source: StatsSource;
  /**
   * Has the host add up. Undefined: the local engine does not run, and was not to be started for it.
   * @param onProgress 0 to 1
   * @throws RequestError
   */
  ask: (
    asked: { blocks: SumBlock[]; start: boolean },
    signal: AbortSignal,
    onProgress: (fraction: number) => void,
  ) => Promise<ColumnSums[] | undefined>;
  show: (stats: ShownStats) => void;
  onAction: (id: string) => void;
}

/** ms that a selection must rest before it is added up: here, and by the host. */
const REST_MS = 120;
const HOST_REST_MS = 300;
/** A larger selection, most often made to copy or to save it, costs the engine seconds: only by its button. */
const MOST_UNASKED = 20_000_000;

/** Keeps the text about the selection up to date; the latest selection wins. */
export class StatsLine {
  readonly #ports: StatsPorts;
  #running = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again: (() => void) | undefined;
  #lacksEngine = false;

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
    if (cells > MOST_UNASKED) {
      this.#offer(sumBlocks(blocks, infos), cells);
      return;
    }
    const isLarge = cells > MOST_CELLS;
    this.#timer = setTimeout(
      () => {
        if (isLarge) void this.#ask(sumBlocks(blocks, infos), cells, false);
        else void this.#addUp(blocks, infos, cells, signal);
      },
      isLarge ? HOST_REST_MS : REST_MS,
    );
  }

  /** What the host could not add up while rows came can be added up now. */
  allCame(): void {
    this.#again?.();
  }

  /** What was asked for and lacked the local engine is added up. */
  engineRuns(): void {
    if (this.#lacksEngine) this.#again?.();
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

  async #ask(blocks: SumBlock[], cells: number, start: boolean): Promise<void> {
    this.#again = undefined;
    const running = new AbortController();
    this.#running = running;
    const stop = (): void => {
      running.abort();
      this.#offer(blocks, cells, 'not added up');
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
    if (start) working(0);
    try {
      const sums = await this.#ports.ask({ blocks, start }, running.signal, working);
      if (running.signal.aborted) return;
      if (sums) this.#showResult(tallied(sums));
      else this.#offer(blocks, cells);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#again = () => void this.#ask(blocks, cells, true);
      this.#showProblem(cells, error);
    }
  }

  #offer(blocks: SumBlock[], cells: number, ...said: string[]): void {
    const onClick = (): void => {
      void this.#ask(blocks, cells, true);
    };
    this.#ports.show({
      text: [selectedText(cells), ...said].join(' · '),
      action: { icon: 'play', title: 'Add up', onClick },
    });
  }

  #showResult(result: TallyResult): void {
    const text = statsText(result);
    this.#ports.show({ text, more: text });
  }

  #showProblem(cells: number, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const { hint = '', actions = [] } = error instanceof RequestError ? error.problem : {};
    const [first] = actions;
    this.#lacksEngine = first !== undefined;
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

function tallied(sums: readonly ColumnSums[]): TallyResult {
  const tally = new Tally();
  for (const sum of sums) tally.addSums(sum);
  return tally.result;
}
