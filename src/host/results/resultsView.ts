import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { checkWebviewMessage } from '../../shared/checkMessage.ts';
import type { HostMessage, WebviewMessage } from '../../shared/protocol.ts';
import { resultsHtml } from '../../shared/resultsPage.ts';
import { showError } from '../errors/showError.ts';
import type { RunningSaves } from '../transfer/save/runningSaves.ts';
import type { ResultRun } from './resultRun.ts';
import type { Results } from './results.ts';

const RESULTS_VIEW = 'rowhouse.results';

/** The view is told of changes at most this often: rows can come a hundred times a second. */
const SHOW_INTERVAL_MS = 100;

/** Commands that a button of the page may run; anything else in a message is refused. */
const ACTIONS: readonly string[] = [
  'rowhouse.addConnection',
  'rowhouse.editConnection',
  'rowhouse.installLocalEngine',
];

/** The panel view "Results": shows snapshots of the current run and serves windows of its rows. */
export class ResultsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #results: Results;
  readonly #saves: RunningSaves;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: vscode.Disposable;
  readonly #windows = new Map<number, AbortController>();
  #view: vscode.WebviewView | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    extensionUri: vscode.Uri,
    results: Results,
    saves: RunningSaves,
    log: vscode.LogOutputChannel,
  ) {
    this.#extensionUri = extensionUri;
    this.#results = results;
    this.#saves = saves;
    this.#log = log;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(RESULTS_VIEW, this),
      results.onDidChangeCurrent(() => {
        this.#showNow();
      }),
      results.onDidChange((run) => {
        if (run === results.current) this.#showSoon(run);
      }),
      saves.onDidChange((resultId) => {
        if (resultId === results.current?.id) this.#showNow();
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    const folder = vscode.Uri.joinPath(this.#extensionUri, 'dist', 'webview');
    const { webview } = view;
    webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [folder],
    };
    const uri = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
    const received = webview.onDidReceiveMessage((data: unknown) => {
      this.#receive(data);
    });
    view.onDidDispose(() => {
      received.dispose();
      this.#abandonAll();
      this.#view = undefined;
    });
    webview.html = resultsHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      scriptUri: uri('results.js'),
      styleUris: [uri('codicon.css'), uri('results.css')],
    });
  }

  /** Makes the view visible and leaves the focus where it is. */
  async reveal(): Promise<void> {
    if (this.#view) this.#view.show(true);
    else await vscode.commands.executeCommand(`${RESULTS_VIEW}.focus`, { preserveFocus: true });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abandonAll();
    this.#subscriptions.dispose();
  }

  #showSoon(run: ResultRun): void {
    if (!run.isRunning) {
      this.#showNow();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#showNow();
    }, SHOW_INTERVAL_MS);
  }

  #showNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const run = this.#results.current;
    const saving = run && this.#saves.textOf(run.id);
    const result = run && { ...run.snapshot(), ...(saving !== undefined && { saving }) };
    this.#post({ type: 'show', result: result ?? null });
  }

  #post(message: HostMessage): void {
    void this.#view?.webview.postMessage(message);
  }

  #receive(data: unknown): void {
    const checked = checkWebviewMessage(data);
    if (!checked.ok) {
      this.#log.warn(
        `The results page sent a message that is not of the protocol: ${checked.problem}`,
      );
      return;
    }
    void this.#handle(checked.message).catch((error: unknown) => {
      this.#log.error(error instanceof Error ? error : String(error));
    });
  }

  async #handle(message: WebviewMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#showNow();
        return;
      case 'window':
        await this.#sendWindow(message);
        return;
      case 'abandon':
        this.#windows.get(message.requestId)?.abort();
        return;
      case 'cancel':
        this.#results.byId(message.resultId)?.cancel();
        return;
      case 'cancelSave':
        this.#saves.cancel(message.resultId);
        return;
      case 'saveAs':
        await this.#saveAs(message.resultId);
        return;
      case 'selectTab':
      case 'closeTab':
      case 'pin':
      case 'openInEditor':
        return;
      case 'action':
        await this.#runAction(message.resultId, message.action);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
    }
  }

  async #sendWindow(request: WebviewMessage & { type: 'window' }): Promise<void> {
    const { requestId, firstRow } = request;
    const run = this.#results.byId(request.resultId);
    if (!run) {
      this.#post({ type: 'failed', requestId, message: 'This result is gone.' });
      return;
    }
    const abort = new AbortController();
    this.#windows.set(requestId, abort);
    try {
      const ipc = await run.readWindow(request, abort.signal);
      if (abort.signal.aborted) return;
      this.#post({ type: 'window', requestId, firstRow, ipc });
    } catch (error) {
      if (abort.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#post({ type: 'failed', requestId, message });
    } finally {
      this.#windows.delete(requestId);
    }
  }

  async #saveAs(resultId: string): Promise<void> {
    const run = this.#results.byId(resultId);
    if (!run) return;
    const { uri } = run;
    const { connection, params, statement } = run.options;
    const answers = {
      result: resultId,
      uri,
      sql: statement.sql,
      connection: connection.id,
      params,
    };
    try {
      await vscode.commands.executeCommand('rowhouse.saveResultsAs', answers);
    } catch (error) {
      showError(error);
    }
  }

  async #runAction(resultId: string, action: string): Promise<void> {
    if (!ACTIONS.includes(action)) return;
    const connection = this.#results.byId(resultId)?.options.connection;
    const edits = action === 'rowhouse.editConnection' && connection;
    await vscode.commands.executeCommand(action, ...(edits ? [{ id: connection.id }] : []));
  }

  #abandonAll(): void {
    for (const abort of this.#windows.values()) abort.abort();
    this.#windows.clear();
  }
}
