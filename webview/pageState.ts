import { TIME_DISPLAYS, type TimeDisplay } from '../src/shared/gridCommand.ts';
import { NO_CHART, readChartState, type ChartState } from './chart/chartState.ts';
import { readColumnState, type ColumnState } from './grid/columnState.ts';
import { readGridPlace, type GridPlace } from './grid/gridPlace.ts';

/** What the page keeps over being hidden: never a result's rows. */
export interface PageState {
  resultId: string;
  times: TimeDisplay;
  /** px */
  inspectorWidth: number;
  /** The statistics of a run are shown. */
  statistics: boolean;
  /** What the user did to the columns of statements, by key, the latest last. */
  columns: [key: string, state: ColumnState][];
  /** Where the user is in the rows of results, also sorted and filtered, by key, the latest last. */
  places: [key: string, place: GridPlace][];
  /** How the results of statements are shown, by key, the latest last. */
  charts: [key: string, state: ChartState][];
}

const FIRST: PageState = {
  resultId: '',
  times: 'column',
  inspectorWidth: 320,
  statistics: false,
  columns: [],
  places: [],
  charts: [],
};
/** Statements whose columns and charts, and rows in which places are remembered. */
const KEPT = 30;
/** ms; the state is saved when scrolling rests, not on every frame. */
const SAVE_AFTER_MS = 200;

/** The saved state; first values for what is missing or of another version. */
export function readPageState(value: unknown): PageState {
  if (typeof value !== 'object' || value === null) return FIRST;
  const from = value as Partial<Record<keyof PageState, unknown>>;
  const { resultId, times, inspectorWidth, statistics } = from;
  return {
    resultId: typeof resultId === 'string' ? resultId : FIRST.resultId,
    times: TIME_DISPLAYS.find((display) => display === times) ?? FIRST.times,
    inspectorWidth: typeof inspectorWidth === 'number' ? inspectorWidth : FIRST.inspectorWidth,
    statistics: statistics === true,
    columns: Array.isArray(from.columns) ? from.columns.flatMap(entryOf(readColumnState)) : [],
    places: Array.isArray(from.places) ? from.places.flatMap(entryOf(readGridPlace)) : [],
    charts: Array.isArray(from.charts) ? from.charts.flatMap(entryOf(readChartState)) : [],
  };
}

/** Reads a pair of a key and a state; nothing when it is damaged. */
function entryOf<T>(read: (value: unknown) => T | undefined) {
  return (entry: unknown): [string, T][] => {
    if (!Array.isArray(entry)) return [];
    const [key, value] = entry as unknown[];
    const state = read(value);
    return typeof key === 'string' && state !== undefined ? [[key, state]] : [];
  };
}

/** The page's memory: small, and saved a moment after it changed. */
export class PageMemory {
  readonly #save: (state: PageState) => void;
  readonly #columns: Map<string, ColumnState>;
  readonly #places: Map<string, GridPlace>;
  readonly #charts: Map<string, ChartState>;
  #state: PageState;
  #saving: ReturnType<typeof setTimeout> | undefined;

  constructor(saved: unknown, save: (state: PageState) => void) {
    this.#state = readPageState(saved);
    this.#columns = new Map(this.#state.columns);
    this.#places = new Map(this.#state.places);
    this.#charts = new Map(this.#state.charts);
    this.#save = save;
  }

  get times(): TimeDisplay {
    return this.#state.times;
  }

  set times(times: TimeDisplay) {
    this.#change({ times });
  }

  get inspectorWidth(): number {
    return this.#state.inspectorWidth;
  }

  set inspectorWidth(inspectorWidth: number) {
    this.#change({ inspectorWidth });
  }

  get statistics(): boolean {
    return this.#state.statistics;
  }

  set statistics(statistics: boolean) {
    this.#change({ statistics });
  }

  /** The page shows this result: an editor tab finds it again by that after a reload of the window. */
  keepResult(resultId: string): void {
    if (resultId !== this.#state.resultId) this.#change({ resultId });
  }

  placeOf(key: string): GridPlace | undefined {
    return this.#places.get(key);
  }

  keepPlace(key: string, part: Partial<GridPlace>): void {
    const place = this.#places.get(key) ?? { top: 0, left: 0, selected: [] };
    keepLatest(this.#places, key, { ...place, ...part });
    this.#change({ places: [...this.#places] });
  }

  forgetPlace(key: string): void {
    keepLatest(this.#places, key, undefined);
    this.#change({ places: [...this.#places] });
  }

  columnsOf(key: string): ColumnState | undefined {
    return this.#columns.get(key);
  }

  /** Undefined forgets them. */
  keepColumns(key: string, state: ColumnState | undefined): void {
    keepLatest(this.#columns, key, state);
    this.#change({ columns: [...this.#columns] });
  }

  chartOf(key: string): ChartState {
    return this.#charts.get(key) ?? NO_CHART;
  }

  keepChart(key: string, state: ChartState): void {
    keepLatest(this.#charts, key, state);
    this.#change({ charts: [...this.#charts] });
  }

  /** Saves what has not been saved yet: the page may be gone in a moment. */
  saveNow(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#save(this.#state);
  }

  #change(part: Partial<PageState>): void {
    this.#state = { ...this.#state, ...part };
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => {
      this.saveNow();
    }, SAVE_AFTER_MS);
  }
}

/** @param state undefined forgets it */
function keepLatest<T>(kept: Map<string, T>, key: string, state: T | undefined): void {
  kept.delete(key);
  if (state !== undefined) kept.set(key, state);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) return;
    kept.delete(oldest);
  }
}

/** A short key for a long text (64 bits): two texts with the same key would only share column widths. */
export function textKey(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  return `${(high >>> 0).toString(36)}-${(low >>> 0).toString(36)}`;
}
