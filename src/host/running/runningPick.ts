import * as vscode from 'vscode';
import type { RunningQueries, RunningQuery } from '../../core/client/cancelSurface.ts';
import type { Client } from '../../core/client/surface.ts';
import { errorMessage } from '../errors/errorParts.ts';
import { runningSummary, runningTexts } from './runningItems.ts';

interface Item extends vscode.QuickPickItem {
  readonly query?: RunningQuery;
}

const AGAIN_MS = 2_000;
const CANCEL: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('debug-stop'),
  tooltip: 'Cancel this query',
};
const COPY_ID: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('copy'),
  tooltip: 'Copy query id',
};

function itemsOf({ queries }: RunningQueries): Item[] {
  if (queries.length === 0) return [{ label: 'Nothing runs', alwaysShow: true }];
  return queries.map((query) => ({
    ...runningTexts(query),
    query,
    buttons: [CANCEL, COPY_ID],
  }));
}

/**
 * The queries that run, asked for again every two seconds while the list is open.
 * @param cancel ends a query, with all questions and messages
 * @returns the query that was chosen to be looked at
 */
export async function pickRunning(
  client: Client,
  name: string,
  cancel: (query: RunningQuery) => Promise<unknown>,
): Promise<RunningQuery | undefined> {
  const box = vscode.window.createQuickPick<Item>();
  const closed = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  box.title = `Running queries: ${name}`;
  box.placeholder = 'Choose a query to see it whole';
  box.matchOnDetail = true;
  box.keepScrollPosition = true;
  box.ignoreFocusOut = true;
  const show = (running: RunningQueries): void => {
    const active = box.activeItems[0]?.query?.queryId;
    box.title = runningSummary(running, name);
    const items = itemsOf(running);
    box.items = items;
    const same = items.filter(({ query }) => query !== undefined && query.queryId === active);
    if (same.length > 0) box.activeItems = same;
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    box.busy = true;
    try {
      const running = await client.runningQueries({ signal: closed.signal });
      if (!closed.signal.aborted) show(running);
    } catch (error) {
      if (!closed.signal.aborted) box.title = errorMessage(error);
    }
    if (closed.signal.aborted) return;
    box.busy = false;
    timer = setTimeout(() => void look(), AGAIN_MS);
  };
  try {
    return await new Promise<RunningQuery | undefined>((resolve) => {
      box.onDidTriggerItemButton(({ button, item: { query } }) => {
        if (!query) return;
        if (button === COPY_ID) void vscode.env.clipboard.writeText(query.queryId);
        else void cancel(query).then(look);
      });
      box.onDidAccept(() => {
        const query = box.selectedItems[0]?.query;
        if (query) resolve(query);
      });
      box.onDidHide(() => {
        resolve(undefined);
      });
      box.show();
      void look();
    });
  } finally {
    closed.abort();
    clearTimeout(timer);
    box.dispose();
  }
}
