import * as vscode from 'vscode';
import { panelIcon } from '../panelIcon.ts';
import { UsageError } from '../../core/client/errors.ts';
import type { PageParts } from './page/pageParts.ts';
import type { ResultsPage } from './resultsPage.ts';

const PANEL = 'rowhouse.result';
const TITLE_LENGTH = 40;

/** Results that were moved into editor tabs; closing such a tab closes its result. */
export class ResultPanels implements vscode.Disposable {
  readonly #parts: PageParts;
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #serializer: vscode.Disposable;
  /** Settles when the results of before the window was loaded again are there. */
  readonly #restored: Promise<void>;

  constructor(parts: PageParts, restored: Promise<void>) {
    this.#parts = parts;
    this.#restored = restored;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(PANEL, {
      deserializeWebviewPanel: (panel, state: unknown) => this.#reopen(panel, state),
    });
  }

  /** Moves a result into an editor tab beside the active one. @throws UsageError when it is gone */
  async open(id: string): Promise<void> {
    const { ResultsPage } = await import('./resultsPage.ts');
    const result = this.#parts.results.byId(id);
    if (!result) throw new UsageError('This result is gone.', { hint: 'Run the statement again.' });
    const known = this.#panels.get(id);
    if (known) {
      known.reveal();
      return;
    }
    const { title } = result.snapshot();
    const panel = vscode.window.createWebviewPanel(
      PANEL,
      title.length > TITLE_LENGTH ? `${title.slice(0, TITLE_LENGTH)}…` : title,
      vscode.ViewColumn.Active,
      // The page is made anew from its result whenever it is shown.
      { retainContextWhenHidden: false },
    );
    this.#parts.results.detach(id);
    this.#show(ResultsPage, panel, id);
  }

  dispose(): void {
    this.#serializer.dispose();
    // The panels stay: VS Code shows them again after the window was loaded anew.
    this.#panels.clear();
  }

  #show(Page: typeof ResultsPage, panel: vscode.WebviewPanel, id: string): void {
    const { results, extensionUri } = this.#parts;
    panel.iconPath = panelIcon(extensionUri);
    const page = new Page(
      panel.webview,
      this.#parts,
      () => ({ result: results.byId(id) }),
      () => {
        panel.reveal();
      },
    );
    this.#panels.set(id, panel);
    panel.onDidDispose(() => {
      page.dispose();
      if (this.#panels.delete(id)) results.remove(id);
    });
  }

  async #reopen(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    await this.#restored;
    const { ResultsPage } = await import('./resultsPage.ts');
    const id =
      typeof state === 'object' && state !== null && 'resultId' in state ? state.resultId : '';
    if (typeof id === 'string' && this.#parts.results.byId(id)) {
      this.#parts.results.detach(id);
      this.#show(ResultsPage, panel, id);
    } else {
      panel.dispose();
    }
  }
}
