import { zoneOffsets } from '../../src/core/types/format/tableZones.ts';
import type { AskedChart, Chart } from '../../src/shared/chart.ts';
import { formatCount } from '../../src/shared/humanNumbers.ts';
import type { ResultSnapshot, WebviewMessage } from '../../src/shared/protocol.ts';
import type { ViewProblem } from '../../src/shared/resultView.ts';
import { button, progressRing } from '../controls.ts';
import { element, icon } from '../dom.ts';
import { displayZone } from '../grid/timeDisplay.ts';
import type { LiveRegion } from '../liveRegion.ts';
import type { Notice } from '../notice.ts';
import type { PageMemory } from '../pageState.ts';
import type { Requests } from '../requests.ts';
import { isActive } from '../stateText.ts';
import { ChartBar } from './chartBar.ts';
import { chartImage } from './chartImage.ts';
import { dataTable } from './dataTable.ts';
import { colorOf, readPalette, type Palette } from './palette.ts';
import { PlotView } from './plotView.ts';

export interface ChartPorts {
  post: (message: WebviewMessage) => void;
  requests: Requests;
  memory: PageMemory;
  live: LiveRegion;
  notice: Notice;
}

/** ms before a chart that is on its way is said to be: most are there sooner. */
const SAY_AFTER_MS = 250;

/** A result as a chart: what is drawn, the drawing or its data, and what it stands for. */
export class ChartPane {
  readonly element: HTMLElement;
  /** What tells the statement from others in the page's memory. */
  readonly #key: string;
  readonly #ports: ChartPorts;
  readonly #bar: ChartBar;
  readonly #body = element('div', { class: 'chart-body' });
  readonly #legend = element('div', {
    class: 'chart-legend',
    role: 'group',
    'aria-label': 'Series',
  });
  readonly #caption = element('div', { class: 'chart-caption' });
  readonly #probe = element('div', { class: 'chart-probe', 'aria-hidden': 'true' });
  readonly #theme: MutationObserver;
  #result: ResultSnapshot;
  #rowsKey = '';
  #running = new AbortController();
  #chart: Chart | undefined;
  #palette: Palette | undefined;
  #plot: PlotView | undefined;
  #shown: boolean[] = [];

  constructor(result: ResultSnapshot, key: string, ports: ChartPorts) {
    this.#result = result;
    this.#key = key;
    this.#ports = ports;
    this.#bar = new ChartBar(result.columns, {
      onAsk: (asked) => {
        this.#ask(asked);
      },
      onTable: () => {
        this.#remember({ table: !this.#state.table });
        this.#draw();
      },
      onCopy: () => {
        void this.copy();
      },
      onSave: () => {
        ports.post({ type: 'saveChart', resultId: this.#result.id });
      },
    });
    this.element = element(
      'div',
      {
        class: 'chart',
        'data-vscode-context': JSON.stringify({
          webviewSection: 'chart',
          preventDefaultContextMenuItems: true,
          rowhouseResult: result.id,
        }),
      },
      this.#bar.element,
      this.#legend,
      this.#body,
      this.#caption,
      this.#probe,
      element(
        'p',
        { class: 'visually-hidden', id: 'chart-keys' },
        'Left and Right arrow keys move through the points, Up and Down through the series, Home and End to the ends. The button Show data has a table.',
      ),
    );
    this.#theme = new MutationObserver(() => {
      this.#palette = undefined;
      this.#draw();
    });
    this.#theme.observe(document.documentElement, { attributeFilter: ['style'] });
    this.#theme.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  }

  /** Other rows are shown, or their run ended. */
  update(result: ResultSnapshot): void {
    this.#result = result;
    const key = JSON.stringify([isActive(result), result.rows, result.view?.id]);
    // Rows that still come make no chart: each of them would be another one.
    const rowsKey = isActive(result) ? 'coming' : key;
    if (rowsKey === this.#rowsKey) return;
    this.#rowsKey = rowsKey;
    if (isActive(result)) {
      this.#bar.showKinds(this.#state.asked.kind);
      this.#showStatus('Rows are still coming. The chart is drawn when all are there.');
    } else this.#ask(this.#state.asked);
  }

  /** Times are shown in another zone: their steps begin elsewhere. */
  showTimes(): void {
    if (!isActive(this.#result)) this.#ask(this.#state.asked);
  }

  focus(): void {
    this.#body.querySelector<HTMLElement>('.chart-plot, .chart-table')?.focus();
  }

  get hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  /** The image to the clipboard, or why it is not there. */
  async copy(): Promise<void> {
    const { notice, live } = this.#ports;
    if (!this.#chart) {
      notice.show('There is no chart to copy.');
      return;
    }
    try {
      // The browser takes the promise too, so that drawing does not cost the permission of the click.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': this.#image() })]);
      notice.show('Chart copied');
      live.say('Chart copied', `copy ${performance.now()}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notice.show(
        `The chart was not copied: the clipboard takes no image from here (${reason}). Click on the chart and copy again, or save it.`,
        {
          title: 'Save chart as PNG…',
          onClick: () => {
            notice.hide();
            this.#ports.post({ type: 'saveChart', resultId: this.#result.id });
          },
        },
      );
    }
  }

  /** The chart as a PNG file; undefined when none is drawn. */
  async png(): Promise<Uint8Array | undefined> {
    if (!this.#chart) return undefined;
    return new Uint8Array(await (await this.#image()).arrayBuffer());
  }

  dispose(): void {
    this.#running.abort();
    this.#theme.disconnect();
    this.#plot?.dispose();
    this.element.remove();
  }

  get #state() {
    return this.#ports.memory.chartOf(this.#key);
  }

  #remember(change: { asked?: AskedChart; table?: boolean }): void {
    this.#ports.memory.keepChart(this.#key, { ...this.#state, ...change });
  }

  #ask(asked: AskedChart): void {
    this.#remember({ asked });
    this.#running.abort();
    const abort = new AbortController();
    this.#running = abort;
    void this.#request(asked, abort.signal);
  }

  async #request(asked: AskedChart, signal: AbortSignal): Promise<void> {
    const { requests, memory } = this.#ports;
    const { id, view, timeZone } = this.#result;
    const zone = displayZone(memory.times, timeZone);
    const timer = setTimeout(() => {
      if (!signal.aborted) this.#showWorking();
    }, SAY_AFTER_MS);
    try {
      const query = {
        ...{ resultId: id, asked },
        ...(view && { view: view.id }),
        ...(zone !== undefined && { zone }),
      };
      const answer = await requests.chart(query, signal, (rows) => {
        this.#showProgress(rows);
      });
      if (signal.aborted) return;
      if (answer.type === 'chart') this.#take(answer.chart);
      else this.#showProblem(answer.problem);
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#showProblem({ message, actions: [] });
    } finally {
      clearTimeout(timer);
    }
  }

  #take(chart: Chart): void {
    this.#chart = chart;
    this.#shown = chart.series.map(() => true);
    this.#bar.show(chart);
    this.#draw();
    this.#ports.live.say(this.#summary(chart), `chart ${performance.now()}`);
  }

  /** The drawing or the table, legend and caption of the chart that there is. */
  #draw(): void {
    const chart = this.#chart;
    if (!chart) return;
    const hadFocus = this.#body.contains(document.activeElement);
    const { table } = this.#state;
    this.#plot?.dispose();
    this.#plot = undefined;
    this.#body.classList.remove('busy');
    const isDrawn = chart.xs.length > 0;
    this.#bar.showDrawn(isDrawn, table);
    this.#showLegend(chart, table || !isDrawn);
    this.#caption.replaceChildren(
      ...[chart.caption, ...chart.dropped].map((line) => element('p', {}, line)),
    );
    if (!isDrawn) {
      this.#body.replaceChildren(
        element('div', { class: 'chart-status' }, element('p', {}, chart.caption)),
      );
      return;
    }
    if (table) this.#body.replaceChildren(dataTable(chart, this.#summary(chart)));
    else {
      this.#plot = this.#newPlot(chart);
      this.#body.replaceChildren(this.#plot.element);
    }
    if (hadFocus) this.focus();
  }

  #newPlot(chart: Chart): PlotView {
    const { zone } = chart;
    const offsets = zoneOffsets(this.#result.zones);
    const look = {
      palette: this.#colors,
      offsetAt: (time: number) => (zone === undefined ? 0 : offsets.offsetAt(zone, time)),
      shown: this.#shown,
    };
    return new PlotView(chart, look, this.#summary(chart), {
      onPoint: (text) => {
        this.#ports.live.say(text, `point ${performance.now()}`);
      },
    });
  }

  get #colors(): Palette {
    this.#palette ??= readPalette(this.#probe);
    return this.#palette;
  }

  #showLegend({ series }: Chart, isHidden: boolean): void {
    if (isHidden || series.length < 2) {
      this.#legend.replaceChildren();
      return;
    }
    const entries = series.map(({ name, isOther }, i) => {
      const swatch = element('span', { class: 'chart-swatch' });
      swatch.style.background = colorOf(this.#colors, i, isOther);
      const entry = element(
        'button',
        { type: 'button', title: name, 'aria-pressed': String(this.#shown[i] === true) },
        swatch,
        element('span', { class: 'chart-name' }, name),
      );
      entry.addEventListener('click', () => {
        this.#shown[i] = this.#shown[i] !== true;
        entry.ariaPressed = String(this.#shown[i]);
        this.#plot?.showSeries(i, this.#shown[i]);
      });
      return entry;
    });
    this.#legend.replaceChildren(...entries);
  }

  /** In one line what the chart shows. */
  #summary({ yName, xName, caption, xs, series, spec, zone }: Chart): string {
    const what = spec.kind === 'histogram' ? xName : `${yName} by ${xName}`;
    const where = zone === undefined ? '' : ` (${zone})`;
    const lines = series.length > 1 ? `, ${series.length} series` : '';
    return `${what}${where}: ${caption}, ${formatCount(xs.length)} places on the x axis${lines}`;
  }

  async #image(): Promise<Blob> {
    const chart = this.#chart;
    if (!chart) throw new Error('There is no chart.');
    const { yName, xName, spec } = chart;
    const title = spec.kind === 'histogram' ? xName : `${yName} by ${xName}`;
    const canvas = this.#plot?.canvas;
    if (canvas) return chartImage(canvas, chart, this.#colors, title);
    // The table is shown: it is drawn beside it for this one image.
    const plot = this.#newPlot(chart);
    this.#body.append(plot.element);
    try {
      plot.fit();
      // It draws at the end of the task.
      await new Promise(requestAnimationFrame);
      const drawn = plot.canvas;
      if (!drawn) throw new Error('There is no room to draw it.');
      return await chartImage(drawn, chart, this.#colors, title);
    } finally {
      plot.dispose();
    }
  }

  #showWorking(): void {
    const cancel = button({
      title: 'Cancel',
      onClick: () => {
        this.#running.abort();
        if (this.#chart) this.#draw();
        else this.#showProblem({ message: 'The chart was cancelled.', actions: [] });
      },
    });
    const status = element(
      'div',
      { class: 'chart-status' },
      progressRing(),
      element('span', { class: 'chart-progress' }, 'Computing the chart…'),
      cancel,
    );
    this.#body.querySelector('.chart-status')?.remove();
    if (this.#chart && this.#chart.xs.length > 0) this.#body.append(status);
    else this.#body.replaceChildren(status);
    this.#body.classList.add('busy');
  }

  #showProgress(readRows: number): void {
    const line = this.#body.querySelector('.chart-progress');
    if (line) line.textContent = `Computing the chart… ${formatCount(readRows)} rows read`;
  }

  #showStatus(text: string, ...controls: HTMLElement[]): void {
    this.#drop();
    this.#body.replaceChildren(
      element('div', { class: 'chart-status' }, element('p', {}, text), ...controls),
    );
  }

  #showProblem({ message, hint, actions }: ViewProblem): void {
    this.#bar.showKinds(this.#state.asked.kind);
    const text = hint === undefined ? message : `${message} ${hint}`;
    const offered = actions.map(({ id, title }) =>
      button({
        title,
        primary: true,
        onClick: () => {
          this.#ports.post({ type: 'action', resultId: this.#result.id, action: id });
        },
      }),
    );
    const again = button({
      title: 'Try again',
      onClick: () => {
        this.#ask(this.#state.asked);
      },
    });
    this.#showStatus(text, ...offered, again);
    this.#body.querySelector('.chart-status p')?.prepend(icon('warning'), ' ');
    this.#ports.live.say(text, `chart ${performance.now()}`);
  }

  /** What was drawn is not of these rows any more. */
  #drop(): void {
    this.#running.abort();
    this.#chart = undefined;
    this.#plot?.dispose();
    this.#plot = undefined;
    this.#body.classList.remove('busy');
    this.#legend.replaceChildren();
    this.#caption.replaceChildren();
    this.#bar.showDrawn(false, this.#state.table);
  }
}
