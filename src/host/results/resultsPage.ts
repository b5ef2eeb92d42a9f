import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Client } from '../../core/client/surface.ts';
import { checkWebviewMessage } from '../../shared/checkMessage.ts';
import type { HostMessage, ResultTab, WebviewMessage } from '../../shared/protocol.ts';
import type { ViewSnapshot } from '../../shared/resultView.ts';
import { resultsHtml } from '../../shared/resultsPage.ts';
import { ChartImages } from '../charts/chartImages.ts';
import { Charts } from '../charts/charts.ts';
import type { Connection } from '../connections/connections.ts';
import { showError } from '../errors/showError.ts';
import type { RunHistory } from '../statistics/runHistory.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import { type DropPlace, PageDrops, type PageDropParts } from './drop/pageDrops.ts';
import { PageFiles } from './drop/pageFiles.ts';
import { copyCells } from './copyCells.ts';
import { firstRows } from './firstRows.ts';
import { pickColumns } from './pickColumns.ts';
import type { Result } from './result.ts';
import type { Results } from './results.ts';
import { rowsAreGone } from './resultRows.ts';
import { paramsAgain } from './runAgain.ts';
import { askEngine, type EngineQuestion } from './view/askEngine.ts';
import type { ResultViews } from './view/resultViews.ts';
import type { RowsInView } from './view/rowsInView.ts';
import { viewProblem } from './view/viewProblem.ts';

/** A page is told of changes at most this often: rows can come a hundred times a second. */
const SHOW_INTERVAL_MS = 100;

/** Commands that a button of the page may run; anything else in a message is refused. */
const ACTIONS: readonly string[] = [
  'rowhouse.addConnection',
  'rowhouse.editConnection',
  'rowhouse.installLocalEngine',
  'rowhouse.openConnectionSettings',
  'rowhouse.selectConnection',
];

/** As `ACTIONS`, for commands about the result of the page. */
const RESULT_ACTIONS: Readonly<Record<string, object>> = {
  'rowhouse.fetchAll': {},
  'rowhouse.goToRow': {},
  'rowhouse.replaySession': {},
  'rowhouse.runAgain': {},
  'rowhouse.openQueryLog': {},
  'rowhouse.copyQueryId': {},
  'rowhouse.compareRuns': { with: 'previous' },
};

/** What all pages of the window share. */
export interface PageParts {
  readonly extensionUri: vscode.Uri;
  readonly results: Results;
  readonly views: ResultViews;
  readonly connections: {
    client(id: string): Promise<Client>;
    readonly forActiveDocument: Connection;
  };
  readonly inserts: PageDropParts;
  readonly saves: RunningSaves;
  readonly history: RunHistory;
  readonly log: vscode.LogOutputChannel;
  /** The pages that there are, the latest used one last. */
  readonly pages: Set<ResultsPage>;
}

/** What a page shows now. */
export interface Shown {
  result: Result | undefined;
  /** The results to choose from; undefined where the page has but one. */
  tabs?: readonly Result[];
}

/** One results page in a webview: shows snapshots of a result and serves windows of its rows. */
export class ResultsPage implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #parts: PageParts;
  readonly #shown: () => Shown;
  /** Gives the page the keyboard. */
  readonly focus: () => void;
  readonly #subscriptions: vscode.Disposable;
  readonly #disposed = new AbortController();
  readonly #requests = new Map<number, AbortController>();
  readonly #images = new ChartImages();
  readonly #charts: Charts;
  readonly #drops: PageDrops;
  readonly #dropped = new Set<PageFiles>();
  #timer: NodeJS.Timeout | undefined;
  /** Whose first rows are being read. */
  #reading: Result | undefined;
  /** The page has said so; what it is told before may be lost. */
  #isReady = false;
  /** Posted before the page was ready or knew of the rows that it is about. */
  readonly #held: HostMessage[] = [];
  #told: { id: string | undefined; view: string; rows: number; at: number } = {
    id: undefined,
    view: '',
    rows: 0,
    at: 0,
  };

  constructor(webview: vscode.Webview, parts: PageParts, shown: () => Shown, focus: () => void) {
    this.#webview = webview;
    this.focus = focus;
    this.#parts = parts;
    this.#shown = shown;
    this.#charts = new Charts(parts.connections, parts.views);
    this.#drops = new PageDrops(parts.inserts);
    this.#subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((data: unknown) => {
        this.#receive(data);
      }),
      parts.results.onDidChange((changed) => {
        const { result, tabs } = shown();
        if (changed === result || tabs?.includes(changed) === true) this.#showSoon(changed);
      }),
      parts.views.onDidChange((changed) => {
        if (changed === shown().result) this.#showSoon(changed);
      }),
      parts.saves.onDidChange((resultId) => {
        if (resultId === shown().result?.id) this.showNow();
      }),
      parts.history.onDidChange((resultId) => {
        if (resultId === shown().result?.id) this.showNow();
      }),
    );
    parts.pages.add(this);
    this.#load();
  }

  /** The result on the page. */
  get resultId(): string | undefined {
    return this.#shown().result?.id;
  }

  /** Rows on the page, as they are sorted and filtered. */
  get rows(): number {
    const { result } = this.#shown();
    return result ? this.#parts.views.of(result).rows : 0;
  }

  /** Tells the page the whole of its state. */
  showNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { result, tabs } = this.#shown();
    const saving = result && this.#parts.saves.textOf(result.id);
    const statistics = result && this.#parts.history.statisticsOf(result);
    const view = result && this.#parts.views.snapshotOf(result);
    const snapshot = result && {
      ...result.snapshot(),
      ...(saving !== undefined && { saving }),
      ...(view && { view }),
      ...(statistics && { statistics }),
    };
    this.#told = {
      id: snapshot?.id,
      view: viewKey(view),
      rows: snapshot?.rows ?? 0,
      at: Date.now(),
    };
    this.post({
      type: 'show',
      result: snapshot ?? null,
      ...(tabs && { tabs: tabs.map((tab) => this.#tab(tab)) }),
    });
    if (result && this.#isReady) this.#parts.views.resume(result);
  }

  /** The chart on the page as a PNG file. @throws UsageError when there is none */
  takeChart(): Promise<Uint8Array> {
    return this.#images.take((ticket) => {
      this.post({ type: 'takeChart', ticket });
    });
  }

  post(message: HostMessage): void {
    if (this.#isReady && !this.#reading) void this.#webview.postMessage(message);
    // The whole state follows anyhow.
    else if (message.type !== 'show') this.#held.push(message);
  }

  #postHeld(): void {
    for (const message of this.#held.splice(0)) this.post(message);
  }

  dispose(): void {
    this.#parts.pages.delete(this);
    this.#disposed.abort();
    clearTimeout(this.#timer);
    for (const abort of this.#requests.values()) abort.abort();
    this.#requests.clear();
    this.#images.dispose();
    this.#endDrops();
    this.#subscriptions.dispose();
  }

  #load(): void {
    const folder = vscode.Uri.joinPath(this.#parts.extensionUri, 'dist', 'webview');
    const webview = this.#webview;
    webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [folder],
    };
    const uri = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
    webview.html = resultsHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      scriptUri: uri('results.js'),
      styleUris: [uri('codicon.css'), uri('results.css')],
    });
  }

  #tab(result: Result): ResultTab {
    const { id, title, source, state, complete, columns } = result.snapshot();
    const kind = columns.length === 0 ? 'message' : 'rows';
    return { id, title, source, state, complete, kind, pinned: this.#parts.results.isPinned(id) };
  }

  /** The end, the first rows and another result are told at once, other growth in steps. */
  #showSoon(changed: Result): void {
    if (changed === this.#reading) return;
    const { id, view, rows, at } = this.#told;
    const hasFirstRows = rows === 0 && changed.snapshot().rows > 0;
    if (hasFirstRows && changed === this.#shown().result) {
      void this.#showFirst(changed);
      return;
    }
    const changedView = this.#parts.views.snapshotOf(changed);
    const isNews = changed.id !== id || viewKey(changedView) !== view || hasFirstRows;
    const isLast = !changed.isRunning && changedView?.working === undefined;
    const wait = isNews || isLast ? 0 : at + SHOW_INTERVAL_MS - Date.now();
    if (wait <= 0) {
      this.showNow();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.showNow();
    }, wait);
  }

  async #showFirst(result: Result): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#reading = result;
    const message = await firstRows(result, this.#disposed.signal);
    this.#reading = undefined;
    if (this.#disposed.signal.aborted) return;
    if (message) this.post(message);
    this.showNow();
    this.#postHeld();
  }

  #receive(data: unknown): void {
    const checked = checkWebviewMessage(data);
    if (!checked.ok) {
      this.#parts.log.warn(
        `The results page sent a message that is not of the protocol: ${checked.problem}`,
      );
      return;
    }
    this.#parts.pages.delete(this);
    this.#parts.pages.add(this);
    void this.#handle(checked.message).catch((error: unknown) => {
      this.#parts.log.error(error instanceof Error ? error : String(error));
    });
  }

  async #handle(message: WebviewMessage): Promise<void> {
    const { results, saves, history } = this.#parts;
    switch (message.type) {
      case 'ready':
        // A page that was loaded anew holds no files of before.
        this.#endDrops();
        this.#isReady = true;
        this.showNow();
        this.#postHeld();
        return;
      case 'window':
        await this.#answer(message, async (result, signal) => {
          const { requestId, firstRow } = message;
          const { ipc, cut } = await this.#rows(result, message.view).readWindow(message, signal);
          return { type: 'window', requestId, firstRow, ipc, ...(cut.length > 0 && { cut }) };
        });
        return;
      case 'abandon':
        this.#requests.get(message.requestId)?.abort();
        return;
      case 'cancel':
        results.byId(message.resultId)?.cancel();
        return;
      case 'cancelSave':
        saves.cancel(message.resultId);
        return;
      case 'saveAs':
        await this.#saveAs(message.resultId);
        return;
      case 'selectTab':
        results.select(message.resultId);
        return;
      case 'closeTab':
        results.remove(message.resultId);
        return;
      case 'pin':
        results.pin(message.resultId, message.pinned);
        return;
      case 'openInEditor':
        await run('rowhouse.openResultInEditor', { result: message.resultId });
        return;
      case 'statistics':
        history.shown(message.resultId);
        return;
      case 'action':
        await this.#runAction(message.resultId, message.action);
        return;
      case 'copyAs':
        await this.#answer(message, (result, signal) =>
          copyCells(
            result.snapshot(),
            this.#rows(result, message.view),
            message,
            signal,
            (progress) => {
              this.post(progress);
            },
          ),
        );
        return;
      case 'find':
        await this.#answer(message, async (result, signal) => {
          const { requestId, search } = message;
          const { findRows } = await import('../../core/arrow/spool/view/findRows.ts');
          const found = await askEngine(
            this.#question(result, message, signal),
            (table, engine, request) => findRows(table, search, engine, request),
          );
          return { type: 'found', requestId, ...found };
        });
        return;
      case 'columnStatistics':
        await this.#answer(message, async (result, signal) => {
          const { requestId, column } = message;
          const { columnStatistics } = await import('../../core/arrow/spool/view/statistics.ts');
          const statistics = await askEngine(
            this.#question(result, message, signal),
            (table, engine, request) => columnStatistics(table, column, engine, request),
          );
          return { type: 'columnStatistics', requestId, statistics };
        });
        return;
      case 'sumCells':
        await this.#answer(message, async (result, signal) => {
          const { requestId } = message;
          const { cellSums } = await import('../../core/arrow/spool/view/cellSums.ts');
          const sums = await askEngine(
            this.#question(result, message, signal),
            (table, engine, request) => cellSums(table, message, engine, request),
          );
          return { type: 'cellSums', requestId, sums };
        });
        return;
      case 'view': {
        const result = results.byId(message.resultId);
        if (result) await this.#parts.views.show(result, message.view);
        return;
      }
      case 'cancelView': {
        const result = results.byId(message.resultId);
        if (result) this.#parts.views.cancel(result);
        return;
      }
      case 'chart':
        await this.#answer(message, (result, signal) =>
          this.#charts.answer(result, message, signal, (progress) => {
            this.post(progress);
          }),
        );
        return;
      case 'saveChart':
        await run('rowhouse.saveChartAs', { result: message.resultId });
        return;
      case 'chartImage':
        this.#images.answer(message.ticket, message.png);
        return;
      case 'dropUris':
        await this.#drops.insertUris(message.uris, this.#dropPlace());
        return;
      case 'dropFiles': {
        const files = new PageFiles(message, (answer) => {
          this.post(answer);
        });
        this.#dropped.add(files);
        await this.#drops.insertFiles(files, this.#dropPlace());
        this.#dropped.delete(files);
        return;
      }
      case 'piece':
        for (const files of this.#dropped) files.answer(message);
        return;
      case 'pickColumns': {
        const result = results.byId(message.resultId);
        const columns = result && (await pickColumns(result.snapshot().columns, message.shown));
        if (columns) this.post({ type: 'columns', command: 'show', columns });
        return;
      }
    }
  }

  #dropPlace(): DropPlace {
    const options = this.#shown().result?.options;
    if (!options) return { connection: this.#parts.connections.forActiveDocument, sql: '' };
    return { connection: options.connection, sql: options.statement.sql };
  }

  #endDrops(): void {
    for (const files of this.#dropped) files.end();
    this.#dropped.clear();
  }

  #question(
    result: Result,
    { requestId, view }: { requestId: number; view?: string },
    signal: AbortSignal,
  ): EngineQuestion {
    const { connections } = this.#parts;
    const shown = this.#rows(result, view);
    const tell = (message: HostMessage): void => {
      this.post(message);
    };
    return { requestId, result, shown, connections, signal, tell };
  }

  /** @throws UsageError when others are shown meanwhile */
  #rows(result: Result, view: string | undefined): RowsInView {
    const rows = this.#parts.views.byId(result, view);
    if (!rows) throw rowsAreGone();
    return rows;
  }

  /** Answers a request with a message or with why there is none; nothing when the page abandoned it. */
  async #answer(
    { requestId, resultId }: { requestId: number; resultId: string },
    make: (result: Result, signal: AbortSignal) => Promise<HostMessage>,
  ): Promise<void> {
    const result = this.#parts.results.byId(resultId);
    if (!result) {
      this.post({ type: 'failed', requestId, message: 'This result is gone.' });
      return;
    }
    const abort = new AbortController();
    this.#requests.set(requestId, abort);
    try {
      const answer = await make(result, abort.signal);
      if (!abort.signal.aborted) this.post(answer);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.post({ type: 'failed', requestId, ...viewProblem(error) });
    } finally {
      this.#requests.delete(requestId);
    }
  }

  async #saveAs(resultId: string): Promise<void> {
    const result = this.#parts.results.byId(resultId);
    if (!result) return;
    const { uri } = result;
    const { connection, statement } = result.options;
    const answers = {
      result: resultId,
      uri,
      sql: statement.sql,
      connection: connection.id,
      params: paramsAgain(result),
    };
    await run('rowhouse.saveResultsAs', answers);
  }

  async #runAction(resultId: string, action: string): Promise<void> {
    const answers = RESULT_ACTIONS[action];
    if (answers) {
      await run(action, { ...answers, result: resultId });
      return;
    }
    if (!ACTIONS.includes(action)) return;
    const result = this.#parts.results.byId(resultId);
    if (action === 'rowhouse.editConnection' && result) {
      await run(action, { id: result.options.connection.id });
    } else if (action === 'rowhouse.selectConnection' && result) {
      await run(action, { uri: result.uri });
    } else await run(action);
  }
}

/** What of a view is told at once. */
const viewKey = (view: ViewSnapshot | undefined): string =>
  view === undefined ? '' : JSON.stringify([view.id, view.working?.view, view.problem]);

/** A command with answers rejects instead of showing what went wrong. */
async function run(command: string, ...answers: object[]): Promise<void> {
  try {
    await vscode.commands.executeCommand(command, ...answers);
  } catch (error) {
    showError(error);
  }
}
