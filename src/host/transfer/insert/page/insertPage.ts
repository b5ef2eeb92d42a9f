import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { checkInsertPageMessage } from '../../../../shared/insert/checkInsertMessage.ts';
import type {
  InsertHostMessage,
  InsertPageMessage,
  OnError,
} from '../../../../shared/insert/insertProtocol.ts';
import { pageHtml } from '../../../../shared/resultsPage.ts';
import { mayDestroy } from '../../../connections/mayDestroy.ts';
import { panelIcon } from '../../../panelIcon.ts';
import { showError } from '../../../errors/showError.ts';
import { copyCells } from '../../../results/copyCells.ts';
import type { ResultRows } from '../../../results/resultRows.ts';
import type { InsertJob } from '../prepareInsert.ts';
import { type DecidedInsert, InsertDraft } from './insertDraft.ts';
import { insertSnapshot, insertTitle } from './insertSnapshot.ts';
import { createNewTable } from './newTable.ts';

const PANEL = 'rowhouse.insert';

export interface InsertPageParts {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** What was decided on the page. */
export interface InsertDecision extends DecidedInsert {
  /** True: the table was created just before, and none of its name was there. */
  readonly isNewTable: boolean;
}

/** The page in an editor tab that shows an insert before anything is sent, until it is decided. */
export class InsertPage {
  /** Undefined: turned away, nothing was sent or created. Never rejects. */
  readonly decision: Promise<InsertDecision | undefined>;
  readonly #parts: InsertPageParts;
  readonly #draft: InsertDraft;
  readonly #panel: vscode.WebviewPanel;
  readonly #requests = new Map<number, AbortController>();
  #decide: (decision: InsertDecision | undefined) => void = () => undefined;
  #isCreating = false;
  #isClosed = false;

  constructor(parts: InsertPageParts, job: InsertJob) {
    this.#parts = parts;
    this.#draft = new InsertDraft(job, () => {
      this.#show();
    });
    this.#panel = vscode.window.createWebviewPanel(
      PANEL,
      insertTitle(this.#draft),
      vscode.ViewColumn.Active,
      // The page is made anew from the draft whenever it is shown.
      { retainContextWhenHidden: false },
    );
    this.#panel.iconPath = panelIcon(parts.extensionUri);
    const decided = new Promise<InsertDecision | undefined>((resolve) => {
      this.#decide = resolve;
    });
    this.decision = decided.finally(() => this.#draft.dispose());
    this.#panel.onDidDispose(() => {
      this.#isClosed = true;
      this.#decide(undefined);
    });
    this.#panel.webview.onDidReceiveMessage((data: unknown) => {
      this.#receive(data);
    });
    this.#load();
    void this.#draft.start();
  }

  /** True: its tab is the active one. VS Code throws when a panel that is closed is asked. */
  get isActive(): boolean {
    return !this.#isClosed && this.#panel.active;
  }

  /** What the Insert button does. True: it is decided. */
  async insert(onError?: OnError): Promise<boolean> {
    const draft = this.#draft;
    if (onError) draft.onError = onError;
    const isReady = !this.#isCreating && !draft.isLooking;
    if (!isReady || insertSnapshot(draft).refusal !== undefined) return false;
    const { newTable, job } = draft;
    let isNewTable = false;
    if (newTable) {
      this.#isCreating = true;
      try {
        if (!(await mayDestroy(job.connection, newTable.ddl))) return false;
        isNewTable = await createNewTable(job.client, newTable);
      } catch (error) {
        const during = 'The table was not created, and nothing was inserted';
        showError(error, { during, connection: job.connection.id });
        return false;
      } finally {
        this.#isCreating = false;
      }
    }
    this.#decide({ ...draft.decided(), isNewTable });
    this.#panel.dispose();
    return true;
  }

  #load(): void {
    const { webview } = this.#panel;
    const folder = vscode.Uri.joinPath(this.#parts.extensionUri, 'dist', 'webview');
    webview.options = {
      enableScripts: true,
      enableForms: false,
      enableCommandUris: false,
      localResourceRoots: [folder],
    };
    const uri = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
    const parts = {
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64url'),
      scriptUri: uri('insert.js'),
      styleUris: [uri('codicon.css'), uri('insert.css')],
    };
    webview.html = pageHtml(parts, { title: 'Insert', root: 'insert' });
  }

  #show(): void {
    if (this.#isClosed) return;
    this.#panel.title = insertTitle(this.#draft);
    this.#post({ type: 'show', insert: insertSnapshot(this.#draft) });
  }

  #post(message: InsertHostMessage): void {
    if (!this.#isClosed) void this.#panel.webview.postMessage(message);
  }

  #receive(data: unknown): void {
    const checked = checkInsertPageMessage(data);
    if (checked.ok) {
      void this.#handle(checked.message).catch((error: unknown) => {
        this.#parts.log.error(error instanceof Error ? error : String(error));
      });
      return;
    }
    this.#parts.log.warn(
      `The insert page sent a message that is not of the protocol: ${checked.problem}`,
    );
  }

  async #handle(message: InsertPageMessage): Promise<void> {
    const draft = this.#draft;
    switch (message.type) {
      case 'ready':
        this.#show();
        return;
      case 'window':
        await this.#answer(message, async (rows, signal) => {
          const { requestId, firstRow } = message;
          const { ipc, cut } = await rows.readWindow(message, signal);
          return { type: 'window', requestId, firstRow, ipc, ...(cut.length > 0 && { cut }) };
        });
        return;
      case 'copyAs':
        await this.#answer(message, (rows, signal) => {
          const { timeZone, tables } = rows.texts;
          const snapshot = { columns: rows.columns, timeZone, zones: tables };
          return copyCells(snapshot, rows, message, signal, (progress) => {
            this.#post(progress);
          });
        });
        return;
      case 'abandon':
        this.#requests.get(message.requestId)?.abort();
        return;
      case 'showKind':
        await draft.showKind(message.kind);
        return;
      case 'read':
        await draft.read(message.change);
        return;
      case 'readAsOther':
        await draft.readAsOther();
        return;
      case 'map':
        await draft.map(message.column, message.target);
        return;
      case 'onError':
        draft.onError = message.onError;
        this.#show();
        return;
      case 'mode':
        draft.mode = message.mode;
        this.#show();
        return;
      case 'columnType':
        await draft.setColumnType(message.column, message.as);
        return;
      case 'newTable':
        if (draft.newTable) Object.assign(draft.newTable, message.change);
        this.#show();
        return;
      case 'resetStatement':
        draft.newTable?.resetStatement();
        this.#show();
        return;
      case 'createTable':
        await draft.createTable();
        return;
      case 'insert':
        await this.insert();
        return;
      case 'cancel':
        this.#panel.dispose();
        return;
    }
  }

  /** Answers a request with a message or with why there is none; nothing when the page abandoned it. */
  async #answer(
    { requestId, resultId }: { requestId: number; resultId: string },
    make: (rows: ResultRows, signal: AbortSignal) => Promise<InsertHostMessage>,
  ): Promise<void> {
    const { id, rows } = this.#draft.look;
    const abort = new AbortController();
    this.#requests.set(requestId, abort);
    try {
      if (id !== resultId || !rows) throw new Error('These rows are gone.');
      const answer = await make(rows, abort.signal);
      if (!abort.signal.aborted) this.#post(answer);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (!abort.signal.aborted) this.#post({ type: 'failed', requestId, message: text });
    } finally {
      this.#requests.delete(requestId);
    }
  }
}
