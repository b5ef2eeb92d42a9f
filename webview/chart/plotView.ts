import uPlot from 'uplot';
import type { Chart } from '../../src/shared/chart.ts';
import { element } from '../dom.ts';
import { colorOf, type Palette } from './palette.ts';
import { hasAxisNames, plotData, plotOptions, type PlotLook } from './plotOptions.ts';
import { moveOfKey, movePoint, nearestAt, type PointPlace, pointText } from './points.ts';

export interface PlotPorts {
  /** The point that the keyboard went to, in words. */
  onPoint: (text: string) => void;
}

/** Series in a tooltip at most; the data table has all. */
const MOST_TOLD = 10;

/** The drawing of a chart, with a tooltip that follows the mouse and the arrow keys. */
export class PlotView {
  readonly element: HTMLElement;
  readonly #ports: PlotPorts;
  readonly #chart: Chart;
  readonly #look: PlotLook;
  readonly #tooltip = element('div', { class: 'chart-tooltip', 'aria-hidden': 'true' });
  readonly #rule = element('div', { class: 'chart-rule', 'aria-hidden': 'true' });
  readonly #marks = element('div', { class: 'chart-marks', 'aria-hidden': 'true' });
  readonly #resize: ResizeObserver;
  #plot: uPlot | undefined;
  #active: PointPlace | undefined;

  constructor(chart: Chart, look: PlotLook, label: string, ports: PlotPorts) {
    this.#chart = chart;
    this.#look = look;
    this.#ports = ports;
    this.element = element('div', {
      class: 'chart-plot',
      tabindex: '0',
      // Arrow keys have to come here, also where a screen reader would take them.
      role: 'application',
      'aria-roledescription': 'chart',
      'aria-label': label,
      'aria-describedby': 'chart-keys',
    });
    this.#hideTooltip();
    this.#resize = new ResizeObserver(() => {
      this.fit();
    });
    this.#resize.observe(this.element);
    this.element.addEventListener('keydown', (event) => {
      this.#onKey(event);
    });
    this.element.addEventListener('mousemove', (event) => {
      this.#onMouse(event);
    });
    this.element.addEventListener('mouseleave', () => {
      this.#hideTooltip();
    });
    this.element.addEventListener('blur', () => {
      this.#hideTooltip();
    });
  }

  /** The canvas with axes and points; undefined before it is drawn. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  showSeries(index: number, shown: boolean): void {
    this.#plot?.setSeries(index + 1, { show: shown });
    this.#hideTooltip();
  }

  dispose(): void {
    this.#resize.disconnect();
    this.#plot?.destroy();
    this.element.remove();
  }

  /** Takes the size of its place; draws at the first call that finds room. */
  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    if (this.#plot) {
      this.#hideTooltip();
      if (hasAxisNames(height) === hasAxisNames(this.#plot.height)) {
        this.#plot.setSize({ width, height });
        return;
      }
      this.#plot.destroy();
    }
    const options = plotOptions(this.#chart, this.#look, { width, height });
    this.#plot = new uPlot(options, plotData(this.#chart), this.element);
    this.#plot.over.append(this.#rule, this.#marks);
    this.element.append(this.#tooltip);
  }

  get #palette(): Palette {
    return this.#look.palette;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') {
      this.#hideTooltip();
      return;
    }
    const move = moveOfKey(event.key);
    if (move === undefined) return;
    event.preventDefault();
    const to = movePoint(this.#chart, this.#look.shown, this.#active, move);
    if (!to) return;
    this.#show(to);
    this.#ports.onPoint(pointText(this.#chart, to));
  }

  #onMouse(event: MouseEvent): void {
    const plot = this.#plot;
    if (!plot) return;
    const box = plot.over.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const isInside = left >= 0 && top >= 0 && left <= box.width && top <= box.height;
    const nearest = isInside ? this.#nearest(left, top) : undefined;
    if (nearest) this.#show(nearest);
    else this.#hideTooltip();
  }

  /** The shown point that is nearest to a place, in px: by both axes for points, else first along the x axis. */
  #nearest(left: number, top: number): PointPlace | undefined {
    let best: { place: PointPlace; distance: number } | undefined;
    const { series, spec } = this.#chart;
    series.forEach(({ at }, index) => {
      if (this.#look.shown[index] !== true || at.length === 0) return;
      const candidates =
        spec.kind === 'scatter' ? at.keys() : [this.#nearestAlongX(index, left)].values();
      for (const point of candidates) {
        const [x, y] = this.#position({ series: index, point });
        const sideways = Math.abs(x - left) * (spec.kind === 'scatter' ? 1 : 1_000);
        const distance = sideways + Math.abs(y - top);
        if (!best || distance < best.distance) {
          best = { place: { series: index, point }, distance };
        }
      }
    });
    return best?.place;
  }

  #nearestAlongX(index: number, left: number): number {
    const { xs, ends, series } = this.#chart;
    const at = series[index]?.at ?? [];
    const value = this.#plot?.posToVal(left, 'x') ?? 0;
    const isInterval = ends !== undefined && this.#isBars;
    const places = at.map((place) =>
      isInterval ? ((xs[place] ?? 0) + (ends[place] ?? 0)) / 2 : (xs[place] ?? 0),
    );
    return nearestAt(places, value);
  }

  get #isBars(): boolean {
    const { kind } = this.#chart.spec;
    return kind === 'bar' || kind === 'histogram';
  }

  /** Where a point is drawn, in px of the plotting area. */
  #position({ series, point }: PointPlace): [x: number, y: number] {
    const { xs, ends, series: all } = this.#chart;
    const one = all[series];
    const at = one?.at[point] ?? 0;
    const start = xs[at] ?? 0;
    const x = ends && this.#isBars ? (start + (ends[at] ?? start)) / 2 : start;
    const plot = this.#plot;
    if (!plot) return [0, 0];
    const value = one?.values[point];
    return [plot.valToPos(x, 'x'), plot.valToPos(value ?? plot.scales['y']?.min ?? 0, 'y')];
  }

  #show(place: PointPlace): void {
    const plot = this.#plot;
    if (!plot) return;
    this.#active = place;
    const { series, xTexts, spec } = this.#chart;
    const at = series[place.series]?.at[place.point] ?? 0;
    const told = this.#toldAt(at, place);
    const [x, y] = this.#position(place);
    const rows = told.slice(0, MOST_TOLD).map((one) => {
      const { name = '', texts = [], isOther = false } = series[one.series] ?? {};
      const swatch = element('span', { class: 'chart-swatch' });
      swatch.style.background = colorOf(this.#palette, one.series, isOther);
      const isActive = one.series === place.series;
      return element(
        'div',
        { class: isActive ? 'chart-told active' : 'chart-told' },
        swatch,
        element('span', { class: 'chart-name' }, name),
        element('span', { class: 'chart-value' }, texts[one.point] ?? 'NULL'),
      );
    });
    this.#tooltip.replaceChildren(
      element('div', { class: 'chart-x' }, xTexts[at] ?? ''),
      ...rows,
      ...(told.length > MOST_TOLD
        ? [element('div', {}, `and ${told.length - MOST_TOLD} more`)]
        : []),
    );
    this.#tooltip.hidden = false;
    this.#rule.hidden = spec.kind === 'scatter';
    this.#rule.style.left = `${x}px`;
    this.#mark(told);
    this.#place(x, y);
  }

  /** The points at the same place of the x axis; only this one where points lie anywhere. */
  #toldAt(at: number, place: PointPlace): PointPlace[] {
    if (this.#chart.spec.kind === 'scatter') return [place];
    return this.#chart.series.flatMap((one, series) => {
      if (this.#look.shown[series] !== true) return [];
      const point = nearestAt(one.at, at);
      return one.at[point] === at ? [{ series, point }] : [];
    });
  }

  #mark(told: readonly PointPlace[]): void {
    if (this.#isBars) {
      this.#marks.replaceChildren();
      return;
    }
    const { series } = this.#chart;
    const drawn = told.filter((one) => typeof series[one.series]?.values[one.point] === 'number');
    this.#marks.replaceChildren(
      ...drawn.map((one) => {
        const mark = element('div', { class: 'chart-mark' });
        const [x, y] = this.#position(one);
        mark.style.left = `${x}px`;
        mark.style.top = `${y}px`;
        mark.style.background = colorOf(
          this.#palette,
          one.series,
          series[one.series]?.isOther === true,
        );
        return mark;
      }),
    );
  }

  /** Beside the point, on the side that has room. */
  #place(x: number, y: number): void {
    const plot = this.#plot;
    if (!plot) return;
    const { clientWidth, clientHeight } = this.element;
    const { offsetWidth, offsetHeight } = this.#tooltip;
    const [left, top] = [plot.over.offsetLeft + x, plot.over.offsetTop + y];
    const isRight = left + 12 + offsetWidth <= clientWidth;
    const at = isRight ? left + 12 : Math.max(0, left - 12 - offsetWidth);
    const down = Math.min(top + 12, Math.max(0, clientHeight - offsetHeight - 4));
    this.#tooltip.style.left = `${at}px`;
    this.#tooltip.style.top = `${down}px`;
  }

  #hideTooltip(): void {
    this.#tooltip.hidden = true;
    this.#rule.hidden = true;
    this.#marks.replaceChildren();
  }
}
