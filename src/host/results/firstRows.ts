import type { HostMessage } from '../../shared/protocol.ts';
import { WINDOW_COLUMNS, WINDOW_ROWS } from '../../shared/limits.ts';
import type { Result } from './result.ts';

/**
 * The rows that a page asks for as soon as it knows that there are some, to be sent before it does: that saves the
 * way there and back while the server and the page compete for the processor. Undefined when they cannot be read; the
 * page then asks, and is told why.
 */
export async function firstRows(
  result: Result,
  signal: AbortSignal,
): Promise<HostMessage | undefined> {
  const { id: resultId, rows, columns } = result.snapshot();
  const asked = Array.from({ length: Math.min(columns.length, WINDOW_COLUMNS) }, (_, i) => i);
  const window = { firstRow: 0, rows: Math.min(rows, WINDOW_ROWS), columns: asked };
  try {
    const { ipc, cut } = await result.readWindow(window, signal);
    const { rows: most } = window;
    return {
      type: 'firstRows',
      resultId,
      rows: most,
      columns: asked,
      ipc,
      ...(cut.length > 0 && { cut }),
    };
  } catch {
    return undefined;
  }
}
