import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { checkWebviewMessage } from '../../shared/checkMessage.ts';
import type { HostMessage, WebviewMessage } from '../../shared/protocol.ts';
import { resultsHtml } from '../../shared/resultsPage.ts';
import { ChartImages } from '../charts/chartImages.ts';
import { DroppedFiles } from './drop/droppedFiles.ts';
import { PageDrops, type DropPlace } from './drop/pageDrops.ts';
import { runAction, runShown, saveAs } from './page/pageActions.ts';
import type { PageParts, Shown } from './page/pageParts.ts';
import { PageQuestions } from './page/pageQuestions.ts';
import { PageUpdates } from './page/pageUpdates.ts';
import { pickColumns } from './pickColumns.ts';

/** One results page in a webview: shows snapshots of a result and serves windows of its rows. */
export class ResultsPage implements vscode.Disposable {
  readonly #webview: vscode.Webview;
  readonly #parts: PageParts;
  readonly #shown: () => Shown;
  /** Gives the page the keyboard. */
  readonly focus: () => void;
  readonly #subscriptions: vscode.Disposable;
  readonly #updates: PageUpdates;
  readonly #questions: PageQuestions;
  readonly #images = new ChartImages();
  readonly #drops: PageDrops;
  readonly #dropped: DroppedFiles;

  constructor(webview: vscode.Webview, parts: PageParts, shown: () => Shown, focus: () => void) {
    this.#webview = webview;
    this.focus = focus;
    this.#parts = parts;
    this.#shown = shown;
    this.#updates = new PageUpdates(parts, shown, (message) => {
      void webview.postMessage(message);
    });
    const post = (message: HostMessage): void => {
      this.post(message);
    };
    this.#questions = new PageQuestions(parts, post);
    this.#drops = new PageDrops(parts.inserts);
    this.#dropped = new DroppedFiles(this.#drops, post);
    this.#subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((data: unknown) => {
        this.#receive(data);
      }),
      parts.results.onDidChange((changed) => {
        const { result, tabs } = shown();
        if (changed === result || tabs?.includes(changed) === true) this.#updates.showSoon(changed);
      }),
      parts.views.onDidChange((changed) => {
        if (changed === shown().result) this.#updates.showSoon(changed);
      }),
      parts.saves.onDidChange((resultId) => {
        if (resultId === shown().result?.id) this.showNow();
      }),
      parts.history.onDidChange((resultId) => {
        if (resultId === shown().result?.id) this.showNow();
      }),
      parts.connections.onDidChangeEngine(() => {
        if (parts.connections.engineState === 'running') this.post({ type: 'engineRuns' });
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
    this.#updates.showNow();
  }

  /** The chart on the page as a PNG file. @throws UsageError when there is none */
  takeChart(): Promise<Uint8Array> {
    return this.#images.take((ticket) => {
      this.post({ type: 'takeChart', ticket });
    });
  }

  post(message: HostMessage): void {
    this.#updates.post(message);
  }

  dispose(): void {
    this.#parts.pages.delete(this);
    this.#updates.dispose();
    this.#questions.abandonAll();
    this.#images.dispose();
    this.#dropped.end();
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
    const { results, views, saves, history } = this.#parts;
    switch (message.type) {
      case 'ready':
        // Those of the page before: nobody waits for them any more.
        this.#questions.abandonAll();
        this.#dropped.end();
        this.#updates.ready();
        return;
      case 'window':
      case 'copyAs':
      case 'find':
      case 'columnStatistics':
      case 'sumCells':
      case 'chart':
        await this.#questions.answer(message);
        return;
      case 'abandon':
        this.#questions.abandon(message.requestId);
        return;
      case 'cancelSave':
        saves.cancel(message.resultId);
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
        await runShown('rowhouse.openResultInEditor', { result: message.resultId });
        return;
      case 'statistics':
        history.shown(message.resultId);
        return;
      case 'saveChart':
        await runShown('rowhouse.saveChartAs', { result: message.resultId });
        return;
      case 'chartImage':
        this.#images.answer(message.ticket, message.png);
        return;
      case 'dropUris':
        await this.#drops.insertUris(message.uris, this.#dropPlace());
        return;
      case 'dropFiles':
        await this.#dropped.insert(message, this.#dropPlace());
        return;
      case 'piece':
        this.#dropped.take(message);
        return;
      case 'action':
        await runAction(message.action, message.resultId, results.byId(message.resultId));
        return;
      default:
    }
    const result = results.byId(message.resultId);
    if (!result) return;
    switch (message.type) {
      case 'cancel':
        result.cancel();
        return;
      case 'saveAs':
        await saveAs(result);
        return;
      case 'view':
        await views.show(result, message.view);
        return;
      case 'cancelView':
        views.cancel(result);
        return;
      case 'pickColumns': {
        const columns = await pickColumns(result.snapshot().columns, message.shown);
        if (columns) this.post({ type: 'columns', command: 'show', columns });
      }
    }
  }

  #dropPlace(): DropPlace {
    const options = this.#shown().result?.options;
    if (!options) return { connection: this.#parts.connections.forActiveDocument, sql: '' };
    return { connection: options.connection, sql: options.statement.sql };
  }
}
