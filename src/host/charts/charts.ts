import { rowsStillComing } from '../../core/arrow/spool/spoolTable.ts';
import type { Chart } from '../../shared/chart.ts';
import type { HostMessage, WebviewMessage } from '../../shared/protocol.ts';
import { isWhole } from '../../shared/resultView.ts';
import type { Client } from '../../core/client/surface.ts';
import { LOCAL_CONNECTION } from '../connections/profile.ts';
import type { Result } from '../results/result.ts';
import { rowsAreGone } from '../results/resultRows.ts';
import type { ResultViews } from '../results/view/resultViews.ts';
import { viewProblem } from '../results/view/viewProblem.ts';

type ChartRequest = Extract<WebviewMessage, { type: 'chart' }>;

/** ms between messages about the progress; the page gives up on a host that is silent for long. */
const TELL_EVERY_MS = 200;

/** What charts need of the connections. */
interface ChartConnections {
  client(id: string): Promise<Client>;
}

/** Charts of the rows that results show, computed by the local engine. */
export class Charts {
  readonly #connections: ChartConnections;
  readonly #views: ResultViews;

  constructor(connections: ChartConnections, views: ResultViews) {
    this.#connections = connections;
    this.#views = views;
  }

  /** The answer to the page; what went wrong is part of it. Rejects only when it was aborted. */
  async answer(
    result: Result,
    request: ChartRequest,
    signal: AbortSignal,
    tell: (message: HostMessage) => void,
  ): Promise<HostMessage> {
    const { requestId } = request;
    try {
      const chart = await this.#draw(result, request, signal, tell);
      return { type: 'chart', requestId, chart };
    } catch (error) {
      signal.throwIfAborted();
      return { type: 'noChart', requestId, problem: viewProblem(error) };
    }
  }

  async #draw(
    result: Result,
    { requestId, view, asked, zone }: ChartRequest,
    signal: AbortSignal,
    tell: (message: HostMessage) => void,
  ): Promise<Chart> {
    if (result.isRunning) throw rowsStillComing();
    const engine = await this.#connections.client(LOCAL_CONNECTION);
    signal.throwIfAborted();
    const shown = this.#views.byId(result, view);
    if (!shown) throw rowsAreGone();
    await using table = await shown.openTable(engine);
    const { timeZone, complete } = result.snapshot();
    const { drawChart } = await import('../../core/chart/drawChart.ts');
    let told = 0;
    const chart = await drawChart(table, asked, {
      source: engine,
      timeZone,
      ...(zone !== undefined && { shownZone: zone }),
      signal,
      onProgress: ({ readRows }) => {
        if (Date.now() - told < TELL_EVERY_MS) return;
        told = Date.now();
        tell({ type: 'charting', requestId, readRows });
      },
    });
    const notes = [
      ...(complete ? [] : ['The result is incomplete: this is a chart of the rows that came.']),
      ...(isWhole(shown.view) ? [] : ['Only the rows that the grid shows are drawn.']),
    ];
    return { ...chart, dropped: [...notes, ...chart.dropped] };
  }
}
