import { checkHostMessage, checkWebviewMessage } from '../../shared/checkMessage.ts';
import type { ResultSnapshot } from '../../shared/protocol.ts';
import type { ViewSpec } from '../../shared/resultView.ts';

/** An ended result as it is written down for the time after the window is loaded again. */
export interface KeptResult {
  version: 1;
  snapshot: ResultSnapshot;
  /** Name of the file of its rows, in the same folder. */
  file?: string;
  /** How its rows were sorted and filtered. */
  view?: ViewSpec;
  /** The document it belongs to. */
  uri: string;
  sql: string;
  offset: number;
  /** Id of the connection. */
  connection: string;
  /** It was one of the workspace's settings: without those, another one of the same name must not take its place. */
  ofWorkspace?: true;
  params: Readonly<Record<string, unknown>>;
  pinned: boolean;
  /** Milliseconds since 1970; gives the order of the tabs. */
  endedAt: number;
}

/** Reads what `JSON.stringify` wrote; undefined when it is damaged or of another version. */
export function parseKept(text: string): KeptResult | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const kept = value as Partial<Record<keyof KeptResult, unknown>>;
  const { version, file, uri, sql, offset, connection, params, pinned, endedAt } = kept;
  const isOfWorkspace = kept.ofWorkspace === true;
  const checked = checkHostMessage({ type: 'show', result: kept.snapshot });
  const snapshot = checked.ok && checked.message.type === 'show' ? checked.message.result : null;
  if (version !== 1 || !snapshot || !isPlainName(snapshot.id)) return undefined;
  if (file !== undefined && !isPlainName(file)) return undefined;
  if (typeof uri !== 'string' || typeof sql !== 'string' || typeof offset !== 'number') return;
  if (typeof connection !== 'string' || typeof params !== 'object' || params === null) return;
  if (typeof pinned !== 'boolean' || typeof endedAt !== 'number') return;
  const values = params as Readonly<Record<string, unknown>>;
  const rest = { uri, sql, offset, connection, params: values, pinned, endedAt };
  const view = readView(kept.view);
  return {
    ...{ version, snapshot },
    ...(file !== undefined && { file }),
    ...(view && { view }),
    ...(isOfWorkspace && { ofWorkspace: true }),
    ...rest,
  };
}

/** Damaged, it costs the sort and no more. */
function readView(view: unknown): ViewSpec | undefined {
  const checked = checkWebviewMessage({ type: 'view', resultId: '', view });
  return checked.ok && checked.message.type === 'view' ? checked.message.view : undefined;
}

/** The file must not lead out of its folder. */
const isPlainName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z0-9.-]+$/.test(name) && !name.startsWith('.');
