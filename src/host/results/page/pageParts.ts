import type * as vscode from 'vscode';
import type { Client } from '../../../core/client/surface.ts';
import type { Connection, Connections } from '../../connections/connections.ts';
import type { RunHistory } from '../../statistics/runHistory.ts';
import type { RunningSaves } from '../../transfer/save/runningSaves.ts';
import type { PageDropParts } from '../drop/pageDrops.ts';
import type { Result } from '../result.ts';
import type { Results } from '../results.ts';
import type { ResultsPage } from '../resultsPage.ts';
import type { ResultViews } from '../view/resultViews.ts';

/** What all pages of the window share. */
export interface PageParts {
  readonly extensionUri: vscode.Uri;
  readonly results: Results;
  readonly views: ResultViews;
  readonly connections: Pick<Connections, 'engineState' | 'onDidChangeEngine'> & {
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
