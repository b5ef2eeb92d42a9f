import * as vscode from 'vscode';
import { formatBytes } from '../../shared/humanNumbers.ts';
import type { HostMessage } from '../../shared/protocol.ts';
import type { PageParts } from './page/pageParts.ts';
import type { ResultsPage } from './resultsPage.ts';

const RESULTS_VIEW = 'rowhouse.results';

/** The panel view "Results": the results of the document it follows, one at a time. */
export class ResultsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #parts: PageParts;
  readonly #subscriptions: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  #context = '';
  #page: ResultsPage | undefined;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(RESULTS_VIEW, this),
      parts.results.onDidChangeCurrent(() => {
        this.#page?.showNow();
        this.#tellContext();
      }),
    );
  }

  async resolveWebviewView(view: vscode.WebviewView): Promise<void> {
    const { results } = this.#parts;
    this.#page?.dispose();
    this.#page = undefined;
    this.#view = view;
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#page?.dispose();
      this.#page = undefined;
      this.#view = undefined;
    });
    const { ResultsPage } = await import('./resultsPage.ts');
    if (this.#view !== view) return;
    this.#page = new ResultsPage(
      view.webview,
      this.#parts,
      () => ({ result: results.current, tabs: results.tabs }),
      () => void vscode.commands.executeCommand(`${RESULTS_VIEW}.focus`),
    );
  }

  /** Makes the view visible and leaves the focus where it is. */
  async reveal(): Promise<void> {
    if (this.#view) this.#view.show(true);
    else await vscode.commands.executeCommand(`${RESULTS_VIEW}.focus`, { preserveFocus: true });
  }

  /** To the page, if there is one. */
  post(message: HostMessage): void {
    this.#page?.post(message);
  }

  /** How much the results have on disk, beside the view's name. */
  showDiskUse(bytes: number): void {
    const text = bytes === 0 ? '' : `${formatBytes(bytes)} on disk`;
    if (this.#view && this.#view.description !== text) this.#view.description = text;
  }

  /** For the buttons of the view's title: `plain` or `pinned` while there is a result. */
  #tellContext(): void {
    const { results } = this.#parts;
    const id = results.current?.id;
    const context = id === undefined ? '' : results.isPinned(id) ? 'pinned' : 'plain';
    if (context === this.#context) return;
    this.#context = context;
    void vscode.commands.executeCommand('setContext', 'rowhouse.result', context);
  }

  dispose(): void {
    this.#page?.dispose();
    this.#subscriptions.dispose();
  }
}
