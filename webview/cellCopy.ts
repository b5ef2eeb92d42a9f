import type { CopyBlock, CopyFormat } from '../src/shared/gridCommand.ts';
import { countOf, formatCount } from '../src/shared/humanNumbers.ts';
import { COPY_CELLS } from '../src/shared/limits.ts';
import { cellsOf } from './grid/blocks.ts';
import type { LiveRegion } from './liveRegion.ts';
import type { Notice } from './notice.ts';
import type { Requests } from './requests.ts';

export interface CopyPorts {
  resultId: string;
  /** Which rows of the result are meant. */
  rowsId: () => { view?: string };
  requests: Requests;
  live: LiveRegion;
  notice: Notice;
  onSave: () => void;
}

/** ms that a copy takes before its progress is shown. */
const SHOW_AFTER_MS = 300;

/** Copies cells of one result by way of the host, one copy at a time, and tells how it goes. */
export class CellCopy {
  readonly #ports: CopyPorts;
  #running = new AbortController();

  constructor(ports: CopyPorts) {
    this.#ports = ports;
  }

  async copy(blocks: CopyBlock[], format: CopyFormat, header: boolean): Promise<void> {
    this.#running.abort();
    const cells = cellsOf(blocks);
    if (cells === 0) return;
    if (cells > COPY_CELLS) {
      this.#tooLarge(
        `${formatCount(cells)} cells are too many to copy; at most ${formatCount(COPY_CELLS)} go through the clipboard. Save the result to a file instead.`,
      );
      return;
    }
    const abort = new AbortController();
    this.#running = abort;
    const { requests, resultId, rowsId, notice, live } = this.#ports;
    const started = performance.now();
    let shown = false;
    const onProgress = (done: number): void => {
      if (performance.now() - started < SHOW_AFTER_MS) return;
      const text = `Copying… ${formatCount(done)} of ${countOf(cells, 'cell')}`;
      if (shown) notice.update(text);
      else {
        notice.show(text, {
          title: 'Cancel',
          onClick: () => {
            abort.abort();
            notice.show('Nothing was copied.');
          },
        });
      }
      shown = true;
    };
    try {
      const query = { resultId, format, header, blocks, ...rowsId() };
      const answer = await requests.copy(query, abort.signal, onProgress);
      if (answer.tooLarge) {
        this.#tooLarge(
          'The text of these cells is too large for the clipboard; nothing was copied. Save the result to a file instead.',
        );
        return;
      }
      const text = `${countOf(answer.cells, 'cell')} copied`;
      notice.show(text);
      live.say(text, `copy ${performance.now()}`);
    } catch (error) {
      if (abort.signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      notice.show(`Nothing was copied: ${problem}`);
    }
  }

  dispose(): void {
    this.#running.abort();
  }

  #tooLarge(text: string): void {
    const { notice, onSave } = this.#ports;
    notice.show(text, { title: 'Save results as…', onClick: onSave });
  }
}
