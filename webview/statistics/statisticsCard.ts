import { eventText } from '../../src/shared/profileEvents.ts';
import type { ResultSnapshot, WebviewMessage } from '../../src/shared/protocol.ts';
import { button, type ButtonElement } from '../controls.ts';
import { element } from '../dom.ts';
import type { PageMemory } from '../pageState.ts';
import { endedRows, noteOf, runningRows, type CardRow } from './cardRows.ts';

/** Id of the card, for the button that opens it. */
export const STATISTICS = 'statistics';

export interface CardPorts {
  memory: PageMemory;
  post: (message: WebviewMessage) => void;
  /** Told whether the card is open, from the start on. */
  onToggle: (open: boolean) => void;
}

/** Whether there is anything to tell about the run of a result. */
export function hasStatistics({ statistics, progress }: ResultSnapshot): boolean {
  return statistics !== undefined || progress !== undefined;
}

/** What a run did: figures, what the server's query log says, and what can be done with them. */
export class StatisticsCard {
  readonly element = element('section', {
    class: 'statistics',
    id: STATISTICS,
    'aria-label': 'Statistics of this run',
    tabindex: '0',
  });
  readonly #ports: CardPorts;
  readonly #figures = element('dl', { class: 'figures' });
  readonly #note = element('p', { class: 'statistics-note' });
  readonly #events = element('div', { class: 'events' });
  readonly #actions = element('p', { class: 'statistics-actions' });
  readonly #log: ButtonElement;
  readonly #compare: ButtonElement;
  #result: ResultSnapshot | undefined;
  #key = '';
  /** The result for which the host was asked to look into the log. */
  #asked = '';

  constructor(ports: CardPorts) {
    this.#ports = ports;
    const action = (title: string, command: string): ButtonElement =>
      button({
        title,
        onClick: () => {
          if (this.#result) {
            ports.post({ type: 'action', resultId: this.#result.id, action: command });
          }
        },
      });
    this.#log = action('Open in query_log', 'rowhouse.openQueryLog');
    this.#compare = action('Compare with previous run', 'rowhouse.compareRuns');
    this.#actions.append(action('Copy query id', 'rowhouse.copyQueryId'), this.#log, this.#compare);
    this.element.append(this.#figures, this.#note, this.#actions, this.#events);
    this.element.hidden = true;
    ports.onToggle(ports.memory.statistics);
  }

  /** Opens or closes the card, also for the results to come. Returns whether it is open and there is a run. */
  toggle(): boolean {
    const { memory, onToggle } = this.#ports;
    memory.statistics = !memory.statistics;
    onToggle(memory.statistics);
    this.show(this.#result);
    return !this.element.hidden;
  }

  show(result: ResultSnapshot | undefined): void {
    this.#result = result;
    this.element.hidden = !this.#ports.memory.statistics || !result || !hasStatistics(result);
    if (!result || this.element.hidden) return;
    const { statistics } = result;
    const rows = statistics ? endedRows(result, statistics) : runningRows(result);
    const note = statistics ? noteOf(statistics) : '';
    const events = statistics?.log?.events ?? [];
    this.#actions.hidden = statistics === undefined;
    this.#compare.hidden = statistics?.comparable !== true;
    this.#askOnce(result);
    // Texts that are made anew for each snapshot could not be selected.
    const key = JSON.stringify([rows, note, events]);
    if (key === this.#key) return;
    this.#key = key;
    this.#figures.replaceChildren(...rows.map(pair));
    this.#note.textContent = note;
    this.#note.hidden = note === '';
    this.#events.hidden = events.length === 0;
    this.#events.replaceChildren(
      element('h2', {}, 'ProfileEvents'),
      element(
        'dl',
        { class: 'figures' },
        ...events.map((event) => pair({ name: event.name, value: eventText(event) })),
      ),
    );
  }

  #askOnce({ id, statistics }: ResultSnapshot): void {
    if (!statistics || statistics.log || this.#asked === id) return;
    this.#asked = id;
    this.#ports.post({ type: 'statistics', resultId: id });
  }
}

function pair({ name, value }: CardRow): HTMLElement {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value));
}
