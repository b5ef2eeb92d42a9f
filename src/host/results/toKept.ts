import path from 'node:path';
import { hideSecrets, secretHider } from '../../core/sql/hideSecrets.ts';
import { hideParameters } from '../../core/sql/secretNames.ts';
import type { ResultSnapshot } from '../../shared/protocol.ts';
import { isWhole, type ViewSpec } from '../../shared/resultView.ts';
import { choiceOf } from '../connections/selection.ts';
import type { KeptResult } from './keptResult.ts';
import type { Result } from './result.ts';
import { titleOf } from './resultTitle.ts';

/** A result as it is written down, without its secrets. @param view how its rows are sorted and filtered */
export function toKept(result: Result, view?: ViewSpec): Omit<KeptResult, 'pinned' | 'endedAt'> {
  const { statement, connection, params } = result.options;
  const { file } = result;
  const { id, ofWorkspace } = choiceOf(connection);
  return {
    version: 1,
    snapshot: withoutSecrets(result.snapshot(), statement.sql),
    ...(file !== undefined && { file: path.basename(file) }),
    ...(view && !isWhole(view) && { view }),
    uri: result.uri.toString(),
    sql: hideSecrets(statement.sql),
    offset: statement.offset,
    connection: id,
    ...(ofWorkspace && { ofWorkspace }),
    params: plainValues(hideParameters(params)),
  };
}

/** Messages of servers quote the statement. */
function withoutSecrets(snapshot: ResultSnapshot, sql: string): ResultSnapshot {
  const hide = secretHider(sql);
  const { message, notice, error } = snapshot;
  return {
    ...snapshot,
    title: titleOf(sql),
    ...(message !== undefined && { message: hide(message) }),
    ...(notice !== undefined && { notice: hide(notice) }),
    ...(error && { error: { ...error, message: hide(error.message) } }),
  };
}

/** JSON has no large integers. */
function plainValues(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = JSON.stringify(params, (_, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  return JSON.parse(text) as Record<string, unknown>;
}
