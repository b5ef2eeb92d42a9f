import type { HostMessage } from '../../../shared/protocol.ts';
import type { Client, QueryProgress } from '../../../core/client/surface.ts';
import { rowsStillComing, type SpoolTable } from '../../../core/arrow/spool/spoolTable.ts';
import { LOCAL_CONNECTION } from '../../connections/connections.ts';
import type { Result } from '../result.ts';
import type { RowsInView } from './rowsInView.ts';

/** ms between messages about the progress; the page gives a silent host up after 30 s. */
const TELL_EVERY_MS = 500;

export interface EngineQuestion {
  requestId: number;
  result: Result;
  shown: RowsInView;
  connections: { client(id: string): Promise<Client> };
  signal: AbortSignal;
  tell: (message: HostMessage) => void;
}

export type AskOfTable<T> = (
  table: SpoolTable,
  engine: Client,
  request: { signal: AbortSignal; onProgress: (progress: QueryProgress) => void },
) => Promise<T>;

/**
 * Asks the local engine something about the rows that are shown, and tells the page how far it is.
 * @throws UsageError while rows still come; EngineError without an engine; what the query throws
 */
export async function askEngine<T>(
  { requestId, result, shown, connections, signal, tell }: EngineQuestion,
  ask: AskOfTable<T>,
): Promise<T> {
  if (result.isRunning) throw rowsStillComing();
  let readRows = 0;
  const timer = setInterval(() => {
    const fraction = shown.rows === 0 ? 0 : Math.min(1, readRows / shown.rows);
    tell({ type: 'working', requestId, fraction });
  }, TELL_EVERY_MS);
  try {
    const engine = await connections.client(LOCAL_CONNECTION);
    await using table = await shown.openTable(engine);
    const onProgress = (progress: QueryProgress): void => {
      readRows = progress.readRows;
    };
    return await ask(table, engine, { signal, onProgress });
  } finally {
    clearInterval(timer);
  }
}
